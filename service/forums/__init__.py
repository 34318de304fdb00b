"""Forums of the Atameken Business House: who takes part, and who must not meet whom."""
