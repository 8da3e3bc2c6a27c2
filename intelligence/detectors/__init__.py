"""One file for each way of noticing something; `prototypes.json` holds example utterances and what to say then."""
