"""A filled service to look at: fictional businesses, three forums, a match list for each."""
