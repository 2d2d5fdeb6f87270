"""From a printed compendium (txt, docx, pdf) to a proposal that a person reviews."""
