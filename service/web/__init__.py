"""The face of forms and pages, for coordinators and organisers."""
