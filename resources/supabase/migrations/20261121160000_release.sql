-- A terminal whose disk was copied is locked (20261121080700_apply_ops.sql). A manager lets it in
-- again, and then each of the machines that held the copies becomes a terminal of its own: a new
-- id and letter, the numbers of its ops go on. The old id is never used again. What several
-- copies still have to send has its effect once: relatives are asked by op id.

alter table kds.devices_private
    add column family text, -- the id that it was copied from, or its copies' copies were; or null
    add column released_at timestamptz,
    add column released_by uuid;
create index devices_of_a_family on kds.devices_private (family) where family is not null;

alter table public.devices add column locked_since timestamptz;
update public.devices d set locked_since = p.quarantined_at
from kds.devices_private p where p.device_id = d.id and p.quarantined_at is not null;

-- A terminal and all that once shared a disk with it.
create function kds.relatives(device text) returns text[]
language sql stable set search_path = '' as $$
    select array(
        select other.device_id
        from kds.devices_private me, kds.devices_private other
        where me.device_id = device
            and (other.device_id = coalesce(me.family, device)
                or other.family = coalesce(me.family, device))
    )
$$;

create or replace function kds.quarantine_notice() returns text
language sql immutable as $$
    select 'Two machines are using this terminal''s data: it was copied. What is done here is kept '
        'and held back. A manager can let it in again, on the screen People.'
$$;

create or replace function kds.quarantine(device public.devices) returns jsonb
language plpgsql set search_path = '' as $$
begin
    perform set_config('kds.op_id', '', true); -- no op has caused what follows
    update kds.devices_private p set quarantined_at = now() where p.device_id = device.id;
    update public.devices d set locked_since = now() where d.id = device.id;
    perform set_config('response.status', '409', true);
    return jsonb_build_object(
        'code', 'PT409', 'message', kds.quarantine_notice(), 'details', null, 'hint', null
    );
end
$$;

-- As before; one that was let in again hears that it has to become another one (PT410).
create or replace function kds.calling_device(device text) returns public.devices
language plpgsql set search_path = '' as $$
declare
    caller public.devices;
    released boolean;
begin
    select * into caller from public.devices d where d.id = device;
    if not found then
        raise sqlstate '42501' using message = 'This terminal is not registered.';
    end if;
    perform kds.require_account(caller.branch_id, caller.role);
    select p.released_at is not null into released from kds.devices_private p
    where p.device_id = device and p.quarantined_at is not null;
    if released then
        raise sqlstate 'PT410' using message = 'This terminal is being let in again.';
    elsif not released then
        raise sqlstate 'PT409' using message = kds.quarantine_notice();
    end if;
    return caller;
end
$$;

-- Lets a locked terminal in again. Doing it twice is fine.
create function public.release_device(device_id uuid) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    home uuid := (
        select d.branch_id from public.devices d where d.id = release_device.device_id::text
    );
begin
    perform kds.require_manager(home);
    perform kds.lock_branch(home);
    update kds.devices_private p set released_at = now(), released_by = auth.uid()
    where p.device_id = release_device.device_id::text
        and p.quarantined_at is not null and p.released_at is null;
    update public.devices d set locked_since = null
    where d.id = release_device.device_id::text and d.locked_since is not null;
    return jsonb_build_object('server_time', clock_timestamp());
end
$$;

-- `was`: the locked id under which this terminal worked before; `first_seq`: where the numbers of
-- what it has not sent begin, so those before are spent. A server that does not know of the
-- release (it came back from a backup) takes nothing as spent.
drop function public.register_device(uuid, uuid, text, text);
create function public.register_device(
    device_id uuid, branch_id uuid, name text, role text, was uuid default null,
    first_seq bigint default 1
) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
#variable_conflict use_variable
declare
    device public.devices;
    earlier kds.devices_private;
    home uuid;
begin
    if coalesce(role not in ('kitchen', 'pos', 'manager'), true) then
        raise invalid_parameter_value using message = 'A terminal is kitchen, pos or manager.';
    end if;
    perform kds.require_account(branch_id, role);
    perform kds.lock_branch(branch_id);
    select * into earlier from kds.devices_private p
    where p.device_id = was::text and p.branch_id = branch_id;
    insert into kds.devices_private (device_id, branch_id, registered_by, family, last_seq)
    values (
        register_device.device_id::text, register_device.branch_id, auth.uid(),
        coalesce(earlier.family, was::text),
        case when earlier.released_at is not null then greatest(first_seq, 1) - 1 else 0 end
    )
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

-- What a relative was told about an op holds for this terminal's copy of it: it is the answer on
-- file under its own number too. A refusal or conflict that nobody has decided about yet waits
-- here as well, in the way of its lane; one that was decided about is done with.
create function kds.inherit_outcomes(device text, ops jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    relatives text[] := kds.relatives(device);
    op jsonb;
    earlier kds.outcomes;
    letter kds.dead_letters;
begin
    perform kds.lock_branch(p.branch_id) from kds.devices_private p where p.device_id = device;
    for op in select o from jsonb_array_elements(ops) o where kds.is_op(o) loop
        select * into earlier from kds.outcomes o
        where o.op_id = op ->> 'op_id' and o.device_id = any (relatives)
        order by o.device_id = device desc, o.at limit 1;
        continue when not found or earlier.device_id = device;
        select * into letter from kds.dead_letters l
        where l.device_id = earlier.device_id and l.op_id = earlier.op_id;
        if letter.resolved_at is not null then
            earlier.result := 'applied';
        end if;
        insert into kds.outcomes (
            device_id, seq, op_id, hash, result, reason, remote, revs, kind, actor
        )
        values (
            device, (op -> 'seq')::bigint, earlier.op_id, md5(op::text), earlier.result,
            earlier.reason, earlier.remote, earlier.revs, earlier.kind, earlier.actor
        )
        on conflict do nothing;
        if found and letter.op_id is not null and letter.resolved_at is null then
            insert into kds.dead_letters (
                device_id, op_id, branch_id, seq, lane, op, reason, result
            )
            values (
                device, letter.op_id, letter.branch_id, (op -> 'seq')::bigint, letter.lane, op,
                letter.reason, letter.result
            )
            on conflict do nothing;
        end if;
    end loop;
end
$$;

-- As before; one of a family asks its relatives first. So does the one that the others were copied
-- from: a database that came back from a backup may not know that it was locked, and takes its ops.
create or replace function public.apply_ops(
    device_id uuid, ops jsonb, more boolean default false, epoch text default null
) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC'
    set plan_cache_mode = 'force_generic_plan' as $$
declare
    here record;
begin
    select s.epoch, exists (
        select from kds.devices_private r where r.family = coalesce(p.family, p.device_id)
    ) as copied into here
    from kds.devices_private p
    join public.streams s on s.branch_id = p.branch_id and s.class = 'floor'
    where p.device_id = apply_ops.device_id::text;
    if here.epoch <> apply_ops.epoch then
        raise sqlstate 'PT412' using message = 'The server was restored from a backup.';
    end if;
    if here.copied and jsonb_typeof(ops) = 'array' then
        perform kds.inherit_outcomes(device_id::text, ops);
    end if;
    return kds.apply_ops(device_id, ops, more);
end
$$;

-- As before; what was decided about an op is decided for every relative that was told of it.
create or replace function public.resolve_dead_letter(
    device_id uuid, op_id text, resolution text default '', actor text default '',
    op jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    relatives text[] := kds.relatives(device_id::text);
begin
    if not exists (
        select from public.devices d
        where d.id = resolve_dead_letter.device_id::text and kds.is_member(d.branch_id)
    ) then
        raise sqlstate '42501' using message = 'This terminal is not known at your branch.';
    end if;
    if op is not null then
        perform kds.take_unsent(device_id::text, op);
    end if;
    if resolution ~ '^discarded:?\s*$' and exists (
        select from kds.dead_letters l
        where l.device_id = any (relatives)
            and l.op_id = resolve_dead_letter.op_id and l.op ->> 'kind' = 'pay'
    ) then
        raise invalid_parameter_value using
            message = 'A payment is not discarded without a reason.';
    end if;
    update kds.dead_letters l set
        resolved_at = now(), resolved_by = auth.uid(),
        resolution = coalesce(resolve_dead_letter.resolution, ''),
        resolved_actor = coalesce(resolve_dead_letter.actor, '')
    where l.device_id = any (relatives)
        and l.op_id = resolve_dead_letter.op_id
        and l.resolved_at is null;
    return jsonb_build_object('server_time', clock_timestamp());
end
$$;

revoke execute on all functions in schema kds from public;
revoke execute on function
    public.apply_ops, public.register_device, public.release_device, public.resolve_dead_letter
    from public, anon;
grant execute on function
    public.apply_ops, public.register_device, public.release_device, public.resolve_dead_letter
    to authenticated, service_role;

-- Rows that were there look different now, and the log does not say so: terminals read anew.
select kds.new_epoch();
