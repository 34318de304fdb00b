"""What every concept stands on: database, problems, security, languages, clock, audit, work queue."""
