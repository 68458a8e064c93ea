-- Terminals, what they have asked for, and what became of it.

create table kds.devices_private (
    device_id text primary key,
    branch_id uuid not null,
    registered_at timestamptz not null default now(),
    registered_by uuid,
    last_seq bigint not null default 0, -- every op up to here has its outcome
    quarantined_at timestamptz
);

-- Committed together with the op's effect; `result` is applied, conflict or rejected.
create table kds.outcomes (
    device_id text not null references kds.devices_private on delete cascade,
    seq bigint not null,
    op_id text not null,
    hash text not null,
    result text not null,
    reason text not null default '',
    remote jsonb,
    revs jsonb not null default '{}',
    at timestamptz not null default now(),
    primary key (device_id, seq)
);

-- A rejected op holds up its lane until somebody has looked at it. Kept for good.
create table kds.dead_letters (
    device_id text not null references kds.devices_private on delete cascade,
    op_id text not null,
    branch_id uuid not null,
    seq bigint not null,
    lane text not null,
    op jsonb not null,
    reason text not null,
    at timestamptz not null default now(),
    resolved_at timestamptz,
    resolved_by uuid,
    primary key (device_id, op_id)
);
create index dead_letters_in_the_way on kds.dead_letters (device_id, lane)
    where resolved_at is null;

alter table kds.devices_private enable row level security;
alter table kds.outcomes enable row level security;
alter table kds.dead_letters enable row level security;

-- 0 -> A, 25 -> Z, 26 -> AA.
create function kds.letter(n integer) returns text
language sql immutable as $$
    select case when n >= 26 then kds.letter(n / 26 - 1) else '' end || chr(65 + n % 26)
$$;

-- Raises unless the signed-in account may use a terminal of this role at this branch.
create function kds.require_account(branch uuid, role text) returns void
language plpgsql stable set search_path = '' as $$
begin
    if kds.is_trusted() then
        return;
    end if;
    if not branch = any (kds.my_branches()) then
        raise sqlstate '42501' using message = 'This account does not belong to this branch.';
    end if;
    if kds.my_role() not in (role, 'manager') then
        raise sqlstate '42501' using message = format(
            'This account is for %s terminals, this is a %s terminal.', kds.my_role(), role
        );
    end if;
end
$$;

-- Makes the terminal known, or tells it again who it is; its letter never changes.
create function public.register_device(device_id uuid, branch_id uuid, name text, role text)
returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
#variable_conflict use_variable
declare
    device public.devices;
    home uuid;
begin
    if coalesce(role not in ('kitchen', 'pos', 'manager'), true) then
        raise invalid_parameter_value using message = 'A terminal is kitchen, pos or manager.';
    end if;
    perform kds.require_account(branch_id, role);
    perform kds.lock_branch(branch_id);
    insert into kds.devices_private (device_id, branch_id, registered_by)
    values (register_device.device_id::text, register_device.branch_id, auth.uid())
    on conflict do nothing;
    select p.branch_id into home from kds.devices_private p where p.device_id = device_id::text;
    if home <> branch_id then
        raise sqlstate '42501' using message = 'This terminal is registered at another branch.';
    end if;
    insert into public.devices as d (id, branch_id, name, role, letter)
    values (
        device_id::text, branch_id, coalesce(name, ''), role,
        kds.letter((
            select count(*)::integer - 1 from kds.devices_private p where p.branch_id = branch_id
        ))
    )
    on conflict on constraint devices_id_key
        do update set name = excluded.name, role = excluded.role
    returning d.* into device;
    return to_jsonb(device) || jsonb_build_object('server_time', clock_timestamp());
end
$$;

-- A person has dealt with a rejected op: its lane moves again. Doing it twice is fine.
create function public.resolve_dead_letter(device_id uuid, op_id text) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
begin
    if not exists (
        select from public.devices d
        where d.id = resolve_dead_letter.device_id::text and kds.is_member(d.branch_id)
    ) then
        raise sqlstate '42501' using message = 'This terminal is not known at your branch.';
    end if;
    update kds.dead_letters l set resolved_at = now(), resolved_by = auth.uid()
    where l.device_id = resolve_dead_letter.device_id::text
        and l.op_id = resolve_dead_letter.op_id
        and l.resolved_at is null;
    return jsonb_build_object('server_time', clock_timestamp());
end
$$;

revoke execute on function kds.letter, kds.require_account from public;
revoke execute on function public.register_device, public.resolve_dead_letter from public, anon;
grant execute on function public.register_device, public.resolve_dead_letter
    to authenticated, service_role;
