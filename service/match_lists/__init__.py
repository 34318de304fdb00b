"""Match lists of forums: who is proposed to whom, why, and how to make the same list again."""
