-- name: list_question_sets(organization_id, cursor_created_at, cursor_question_set_id, most)
-- Those that are offered, newest first, after the cursor (created at, id).
SELECT id AS question_set_id, title, false AS is_archived, created_at
FROM question_sets
WHERE organization_id = :organization_id AND archived_at IS NULL
  AND (:cursor_created_at::timestamptz IS NULL
       OR (created_at, id) < (:cursor_created_at::timestamptz, :cursor_question_set_id::uuid))
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- name: get_question_set(organization_id, question_set_id)^
SELECT id AS question_set_id, title, archived_at IS NOT NULL AS is_archived
FROM question_sets WHERE organization_id = :organization_id AND id = :question_set_id;

-- name: rename_question_set(organization_id, question_set_id, title)$
-- Also keeps others from changing its questions until the end of the transaction.
UPDATE question_sets SET title = :title
WHERE organization_id = :organization_id AND id = :question_set_id
RETURNING id;

-- name: archive_question_set(organization_id, question_set_id)$
UPDATE question_sets SET archived_at = coalesce(archived_at, now())
WHERE organization_id = :organization_id AND id = :question_set_id
RETURNING id;

-- name: remove_questions(organization_id, question_set_id)!
DELETE FROM questions WHERE organization_id = :organization_id AND question_set_id = :question_set_id;

-- name: list_questions(organization_id, question_set_ids)
-- The questions of several sets, in the order of asking.
SELECT question_set_id, id AS question_id, position, text, type, options
FROM questions
WHERE organization_id = :organization_id AND question_set_id = ANY (:question_set_ids::uuid[])
ORDER BY question_set_id, position;

-- name: add_question_set(question_set_id, organization_id, title)!
INSERT INTO question_sets (id, organization_id, title)
VALUES (:question_set_id, :organization_id, :title);

-- name: add_question(question_id, organization_id, question_set_id, position, text, type, options)!
INSERT INTO questions (id, organization_id, question_set_id, position, text, type, options)
VALUES (:question_id, :organization_id, :question_set_id, :position, :text, :type, :options);
