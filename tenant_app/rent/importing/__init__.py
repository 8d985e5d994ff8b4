"""Files of rent accounts and transactions: read row by row, landed once however often they are sent."""
