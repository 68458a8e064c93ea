-- Who may see what. The JWT says it: app_metadata = {"branches": ["<uuid>", ...],
-- "role": "kitchen" | "pos" | "manager"}. Authorisation is by branch and class of stream,
-- never row by row inside a stream, so that a gap in the numbers always means a gap.
--
-- The schema `kds` holds what terminals never touch directly; it is not exposed by the API.

create schema kds;
grant usage on schema kds to authenticated, service_role; -- for what policies call; see below

create function kds.my_branches() returns uuid[]
language sql stable as $$
    select coalesce(
        array(select jsonb_array_elements_text(auth.jwt() -> 'app_metadata' -> 'branches')::uuid),
        '{}'
    )
$$;

create function kds.my_role() returns text
language sql stable as $$
    select coalesce(auth.jwt() -> 'app_metadata' ->> 'role', '')
$$;

-- The service key, or somebody at the database itself (a job, a console): no token at all.
create function kds.is_trusted() returns boolean
language sql stable as $$
    select coalesce(auth.role() = 'service_role', false)
        or (auth.jwt() is null and session_user not in ('authenticator', 'anon', 'authenticated'))
$$;

create function kds.is_member(branch uuid) returns boolean
language sql stable as $$
    select kds.is_trusted() or branch = any (kds.my_branches())
$$;

-- floor: every account of the branch; office: tills and managers.
create function kds.may_read(stream text) returns boolean
language sql stable as $$
    select case
        when kds.is_trusted() then true
        when not split_part(stream, ':', 2) = any (kds.my_branches()::text[]) then false
        when split_part(stream, ':', 1) = 'floor' then true
        else split_part(stream, ':', 1) = 'office' and kds.my_role() in ('pos', 'manager')
    end
$$;

-- Functions of this schema are called by policies and by our own functions only.
revoke execute on all functions in schema kds from public;
grant execute on all functions in schema kds to authenticated, service_role;

-- Raises with a sentence for a person unless a manager of the branch (or a job) asks.
create function kds.require_manager(branch uuid) returns void
language plpgsql stable set search_path = '' as $$
begin
    if kds.is_trusted() or (branch = any (kds.my_branches()) and kds.my_role() = 'manager') then
        return;
    end if;
    raise sqlstate '42501' using message = 'Only a manager of this branch may do this.';
end
$$;
revoke execute on function kds.require_manager from public;
