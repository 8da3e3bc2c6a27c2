"""The discovery call word by word: what a clause does, which question it answers, and what the ledger knows."""
