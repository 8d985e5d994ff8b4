"""The list of medicines to show to a pharmacist or an ambulance crew: a page to print, and a PDF."""
