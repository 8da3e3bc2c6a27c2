-- name: list_question_sets(organization_id, cursor_created_at, cursor_question_set_id, most)
-- Those that are offered, newest first, after the cursor (created at, id).
SELECT id AS question_set_id, title, false AS is_archived, version, is_default, time_box_minutes, created_at
FROM question_sets
WHERE organization_id = :organization_id AND archived_at IS NULL
  AND (:cursor_created_at::timestamptz IS NULL
       OR (created_at, id) < (:cursor_created_at::timestamptz, :cursor_question_set_id::uuid))
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- name: get_question_set(organization_id, question_set_id)^
SELECT id AS question_set_id, title, archived_at IS NOT NULL AS is_archived, version, is_default, time_box_minutes
FROM question_sets WHERE organization_id = :organization_id AND id = :question_set_id;

-- name: change_question_set(organization_id, question_set_id, title, time_box_minutes, version)$
-- The next version, if this is the one that was seen. Keeps others from its questions until the transaction is over.
UPDATE question_sets
SET title = :title, time_box_minutes = :time_box_minutes, version = version + 1, updated_at = now()
WHERE organization_id = :organization_id AND id = :question_set_id AND version = :version
RETURNING version;

-- name: archive_question_set(organization_id, question_set_id)$
UPDATE question_sets SET archived_at = coalesce(archived_at, now()), is_default = false
WHERE organization_id = :organization_id AND id = :question_set_id
RETURNING id;

-- name: lock_default_question_set(organization_id)$
-- Of several who choose one at the same time the others wait here.
SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'default question set', :organization_id::uuid), 0));

-- name: clear_default_question_set(organization_id)!
UPDATE question_sets SET is_default = false WHERE organization_id = :organization_id AND is_default;

-- name: set_default_question_set(organization_id, question_set_id)$
UPDATE question_sets SET is_default = true
WHERE organization_id = :organization_id AND id = :question_set_id AND archived_at IS NULL
RETURNING id;

-- name: remove_questions(organization_id, question_set_id)!
DELETE FROM questions WHERE organization_id = :organization_id AND question_set_id = :question_set_id;

-- name: list_questions(organization_id, question_set_ids)
-- The questions of several sets, in the order of asking.
SELECT question_set_id, id AS question_id, position, text, type, options, must_ask, is_active, depth, time_box_seconds,
  skip_if::text AS skip_if
FROM questions
WHERE organization_id = :organization_id AND question_set_id = ANY (:question_set_ids::uuid[])
ORDER BY question_set_id, position;

-- name: add_question_set(question_set_id, organization_id, title, version, time_box_minutes)!
INSERT INTO question_sets (id, organization_id, title, version, time_box_minutes)
VALUES (:question_set_id, :organization_id, :title, :version, :time_box_minutes);

-- name: add_question(question_id, organization_id, question_set_id, position, text, type, options, must_ask, is_active, depth, time_box_seconds, skip_if)!
INSERT INTO questions (id, organization_id, question_set_id, position, text, type, options, must_ask, is_active, depth,
  time_box_seconds, skip_if)
VALUES (:question_id, :organization_id, :question_set_id, :position, :text, :type, :options, :must_ask, :is_active, :depth,
  :time_box_seconds, :skip_if::text::jsonb);

-- name: keep_question_set_version(organization_id, question_set_id, version, title, time_box_minutes, questions, created_by)!
INSERT INTO question_set_versions (organization_id, question_set_id, version, title, time_box_minutes, questions, created_by)
VALUES (:organization_id, :question_set_id, :version, :title, :time_box_minutes, :questions::text::jsonb, :created_by);

-- name: list_question_set_versions(organization_id, question_set_id, below, most)
-- Newest first; null: from the newest.
SELECT v.version, v.title, v.questions::text AS questions, v.created_at, v.created_by, u.name AS created_by_name
FROM question_set_versions v
LEFT JOIN users u ON u.organization_id = v.organization_id AND u.id = v.created_by
WHERE v.organization_id = :organization_id AND v.question_set_id = :question_set_id
  AND (:below::integer IS NULL OR v.version < :below::integer)
ORDER BY v.version DESC
LIMIT :most;

-- name: get_question_set_version(organization_id, question_set_id, version)^
SELECT v.title, v.questions::text AS questions, s.archived_at IS NOT NULL AS is_archived, s.is_default, v.time_box_minutes
FROM question_set_versions v
JOIN question_sets s ON s.organization_id = v.organization_id AND s.id = v.question_set_id
WHERE v.organization_id = :organization_id AND v.question_set_id = :question_set_id AND v.version = :version;
