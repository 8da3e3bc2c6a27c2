-- name: list_question_sets(organization_id, most)
SELECT id AS question_set_id, title
FROM question_sets WHERE organization_id = :organization_id
ORDER BY created_at DESC, id DESC
LIMIT :most;

-- name: list_questions(organization_id, question_set_ids)
-- The questions of several sets, in the order of asking.
SELECT question_set_id, id AS question_id, position, text, type, options
FROM questions
WHERE organization_id = :organization_id AND question_set_id = ANY (:question_set_ids::uuid[])
ORDER BY question_set_id, position;

-- name: add_question_set(question_set_id, organization_id, title)!
INSERT INTO question_sets (id, organization_id, title)
VALUES (:question_set_id, :organization_id, :title)
ON CONFLICT (id) DO NOTHING;

-- name: add_question(question_id, organization_id, question_set_id, position, text, type, options)!
INSERT INTO questions (id, organization_id, question_set_id, position, text, type, options)
VALUES (:question_id, :organization_id, :question_set_id, :position, :text, :type, :options)
ON CONFLICT (id) DO NOTHING;
