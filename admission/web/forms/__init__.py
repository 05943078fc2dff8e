"""Plain forms: their keys are the keywords of the acts."""
