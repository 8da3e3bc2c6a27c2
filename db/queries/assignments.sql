-- name: remove_managers_of(organization_id, rep_id)!
DELETE FROM assignments WHERE organization_id = :organization_id AND rep_id = :rep_id;

-- name: remove_reps_of(organization_id, manager_id)!
DELETE FROM assignments WHERE organization_id = :organization_id AND manager_id = :manager_id;

-- name: add_managers(organization_id, rep_id, manager_ids)!
INSERT INTO assignments (organization_id, manager_id, rep_id)
SELECT :organization_id::uuid, manager_id, :rep_id::uuid FROM unnest(:manager_ids::uuid[]) AS manager_id;
