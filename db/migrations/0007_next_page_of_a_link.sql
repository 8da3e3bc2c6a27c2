-- Where a mailed link goes once somebody has signed in by it.
-- depends: 0006_identity

-- migrate: apply

ALTER TABLE sign_in_links ADD COLUMN next text NOT NULL DEFAULT '/' CHECK (next LIKE '/%'); -- a path on our own site

-- migrate: rollback
