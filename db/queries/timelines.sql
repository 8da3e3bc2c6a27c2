-- name: mails_of_invitee(organization_id, call_id, invitee_id)
SELECT kind, status, due_at, ended_at, server_host, reply, subject, problem
FROM emails WHERE organization_id = :organization_id AND call_id = :call_id AND invitee_id = :invitee_id AND user_id IS NULL
ORDER BY created_at, id;

-- name: deeds_of_invitee(organization_id, call_id, invitee_id)^
-- Also of somebody who was removed.
SELECT opened_at, joined_at, prefers_text_at, calendar_answer, answered_at, removed_at
FROM invitees WHERE organization_id = :organization_id AND call_id = :call_id AND id = :invitee_id;

-- name: consents_of_invitee(organization_id, invitee_id)
SELECT transcription, recording, decided_at FROM consents
WHERE organization_id = :organization_id AND invitee_id = :invitee_id
ORDER BY decided_at, id;

-- name: users_who_answer_for(organization_id, owner_id)
-- As get_viewer says it; nobody who is disabled, and not the owner.
SELECT u.id AS user_id, u.organization_id, o.name AS organization_name, u.name, u.email, u.role,
  u.status, u.title, u.time_zone
FROM users u JOIN organizations o ON o.id = u.organization_id
WHERE u.organization_id = :organization_id AND u.status <> 'disabled' AND u.id <> :owner_id AND (
  EXISTS (SELECT FROM assignments a
          WHERE a.organization_id = u.organization_id AND a.manager_id = u.id AND a.rep_id = :owner_id)
  OR EXISTS (SELECT FROM team_members lead JOIN team_members rep USING (organization_id, team_id)
             WHERE lead.organization_id = u.organization_id AND lead.user_id = u.id AND lead.role = 'manager'
               AND rep.user_id = :owner_id AND rep.role = 'rep'))
ORDER BY u.id;
