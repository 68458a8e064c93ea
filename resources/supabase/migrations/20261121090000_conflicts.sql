-- A conflict tells what the other one did, and every op that needed a person keeps what the
-- person decided.

-- Who asked for what, beside the outcome: a conflict of somebody else names them.
alter table kds.outcomes
    add column kind text,
    add column actor text;
create index outcomes_by_op on kds.outcomes (op_id);

-- `result`: rejected (holds up its lane), conflict (holds up nothing), or blocked (never
-- tried: a person gave it up while it waited behind a rejected one). `resolution`: "sent
-- again", "discarded: <reason>", "edited", "kept remote", "done anyway"; decided by
-- `resolved_actor` at the terminal, under the account `resolved_by`.
alter table kds.dead_letters
    add column result text not null default 'rejected'
        check (result in ('rejected', 'conflict', 'blocked')),
    add column resolution text not null default '',
    add column resolved_actor text not null default '';
drop index kds.dead_letters_in_the_way;
create index dead_letters_in_the_way on kds.dead_letters (device_id, lane)
    where resolved_at is null and result = 'rejected';

-- A row as it is, and who changed it last: {row, kind, actor, device, at}. What is not known (an
-- edit at a dashboard, a change that is pruned) is null.
create function kds.with_last_change(branch uuid, name text, the_row jsonb) returns jsonb
language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
declare
    change kds.changes;
    cause kds.outcomes;
begin
    select * into change from kds.changes c
    where c.stream_id = 'floor:' || branch and c.table_name = name and c.pk = the_row ->> 'id'
    order by c.rev desc, c.seq desc limit 1;
    select * into cause from kds.outcomes o where o.op_id = change.op_id order by o.at limit 1;
    return jsonb_build_object(
        'row', the_row, 'kind', cause.kind, 'actor', cause.actor, 'at', change.at,
        'device', (select d.name from public.devices d where d.id = cause.device_id)
    );
end
$$;

-- `force`: a person knows that the line is ready and voids it all the same. It is waste; the
-- order is not ready because of it, so nothing is settled. Stock is not given back: what was
-- sent may be on the grill already.
create or replace function kds.void_line(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
    target public.orders := kds.find_order(op, args);
    wanted text := kds.text_arg(args, 'line_id');
    force boolean;
    line public.order_lines;
begin
    select * into line from public.order_lines l
    where l.branch_id = op.branch_id and l.id = wanted and l.order_id = target.id;
    if not found then
        perform kds.reject('unknown line');
    end if;
    force := kds.flag_arg(args, 'force', if_absent => false);
    if line.state = 'ready' and not force then
        raise sqlstate 'KD002' using
            message = 'it is ready already', detail = to_jsonb(line)::text, table = 'order_lines';
    end if;
    if line.state = 'void' then
        return;
    end if;
    update public.order_lines l set
        state = 'void', voided_at = op.at, void_reason = kds.optional_text_arg(args, 'reason')
    where l.branch_id = op.branch_id and l.id = line.id;
    update public.orders o set total = o.total - line.qty::bigint * line.price
    where o.branch_id = op.branch_id and o.id = target.id;
    if line.state <> 'ready' then
        perform kds.settle(op, target.id);
    end if;
end
$$;

-- As before; a conflict comes with who did what, and an op of a later version waits for a
-- person (who updates the server and sends it again).
create or replace function kds.try_op(branch uuid, device public.devices, op jsonb) returns jsonb
language plpgsql set search_path = '' set timezone = 'UTC' as $$
declare
    max_version constant numeric := 1;
    remote text;
    table_of_remote text;
begin
    perform set_config('kds.op_id', op ->> 'op_id', true);
    if jsonb_typeof(op -> 'v') = 'number' and (op ->> 'v')::numeric > max_version then
        perform kds.reject('this needs a newer version of kds');
    end if;
    perform kds.run_verb(
        row(branch, device.id, least(kds.text_arg(op, 'at')::timestamptz, now())),
        kds.text_arg(op, 'kind'), device.role, kds.object_arg(op, 'args')
    );
    return jsonb_build_object('result', 'applied', 'reason', '', 'revs', kds.revs_of(branch));
exception
    when sqlstate 'KD001' then
        return jsonb_build_object('result', 'rejected', 'reason', sqlerrm, 'revs', '{}'::jsonb);
    when sqlstate 'KD002' then
        get stacked diagnostics
            remote = pg_exception_detail, table_of_remote = table_name;
        return jsonb_build_object(
            'result', 'conflict', 'reason', sqlerrm, 'revs', kds.revs_of(branch),
            'remote', kds.with_last_change(branch, table_of_remote, remote::jsonb)
        );
    when others then
        if left(sqlstate, 2) in ('40', '53', '54', '55', '57', '58', 'XX') then
            raise;
        end if;
        return jsonb_build_object(
            'result', 'rejected', 'reason', 'the server cannot do this: ' || sqlerrm,
            'revs', '{}'::jsonb
        );
end
$$;

create or replace function kds.earlier_outcome(device text, this_seq bigint, this_hash text)
returns jsonb
language plpgsql stable set search_path = '' as $$
declare
    earlier kds.outcomes;
begin
    select * into earlier from kds.outcomes o where o.device_id = device and o.seq = this_seq;
    if not found then
        -- Answered so long ago that the outcome is pruned: a dead letter would still be there.
        return (
            select jsonb_build_object('result', 'duplicate', 'first', coalesce((
                select replace(l.result, 'blocked', 'rejected') from kds.dead_letters l
                where l.device_id = device and l.seq = this_seq
            ), 'applied'))
            from kds.devices_private p
            where p.device_id = device and p.last_seq >= this_seq
        );
    end if;
    if earlier.hash <> this_hash then
        return '{"clone": true}';
    end if;
    return jsonb_build_object(
        'result', 'duplicate', 'first', earlier.result, 'reason', earlier.reason,
        'remote', earlier.remote, 'revs', earlier.revs
    );
end
$$;

create or replace function kds.take_op(branch uuid, device public.devices, op jsonb)
returns jsonb
language plpgsql set search_path = '' as $$
declare
    this_seq bigint;
    this_lane text;
    hash text := md5(op::text);
    before_it text;
    outcome jsonb;
begin
    if not kds.is_op(op) then
        return '{"result": "rejected", "reason": "this is not an op that the server can read"}';
    end if;
    this_seq := op -> 'seq';
    this_lane := op ->> 'lane';
    outcome := kds.earlier_outcome(device.id, this_seq, hash);
    if outcome is not null then
        return outcome;
    end if;
    select l.op_id into before_it from kds.dead_letters l
    where l.device_id = device.id and l.lane = this_lane
        and l.resolved_at is null and l.result = 'rejected'
    order by l.seq limit 1;
    if found then
        -- Not recorded: it is asked again when the way is free.
        return jsonb_build_object('result', 'blocked', 'blocked_by', before_it);
    end if;
    outcome := kds.try_op(branch, device, op);
    insert into kds.outcomes (
        device_id, seq, op_id, hash, result, reason, remote, revs, kind, actor
    )
    values (
        device.id, this_seq, op ->> 'op_id', hash, outcome ->> 'result', outcome ->> 'reason',
        outcome -> 'remote', outcome -> 'revs', op ->> 'kind', op ->> 'actor'
    );
    if outcome ->> 'result' in ('rejected', 'conflict') then
        insert into kds.dead_letters (
            device_id, op_id, branch_id, seq, lane, op, reason, result
        )
        values (
            device.id, op ->> 'op_id', branch, this_seq, this_lane, op, outcome ->> 'reason',
            outcome ->> 'result'
        )
        on conflict do nothing;
    end if;
    return outcome;
end
$$;

-- Keeps an op that is given up before it was tried, if it is new.
create function kds.take_unsent(device text, op jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    home uuid := (select d.branch_id from public.devices d where d.id = device);
begin
    if not kds.is_op(op) then
        raise invalid_parameter_value using message = 'this is not an op';
    end if;
    perform kds.lock_branch(home);
    if kds.earlier_outcome(device, (op -> 'seq')::bigint, md5(op::text)) is not null then
        return;
    end if;
    insert into kds.outcomes (device_id, seq, op_id, hash, result, reason, kind, actor)
    values (
        device, (op -> 'seq')::bigint, op ->> 'op_id', md5(op::text), 'rejected',
        'given up at the terminal', op ->> 'kind', op ->> 'actor'
    );
    insert into kds.dead_letters (device_id, op_id, branch_id, seq, lane, op, reason, result)
    values (
        device, op ->> 'op_id', home, (op -> 'seq')::bigint, op ->> 'lane', op,
        'given up at the terminal', 'blocked'
    )
    on conflict do nothing;
    perform kds.advance_last_seq(device);
end
$$;

-- A person has dealt with an op: `resolution` says how, `actor` who. A rejected one's lane moves
-- again. The first word counts; saying it twice is fine. Terminals of an earlier version say
-- neither. `op`: one that is given up before it was ever tried; it is kept, and its number spent.
drop function public.resolve_dead_letter(uuid, text);
create function public.resolve_dead_letter(
    device_id uuid, op_id text, resolution text default '', actor text default '',
    op jsonb default null
) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
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
        where l.device_id = resolve_dead_letter.device_id::text
            and l.op_id = resolve_dead_letter.op_id and l.op ->> 'kind' = 'pay'
    ) then
        raise invalid_parameter_value using
            message = 'A payment is not discarded without a reason.';
    end if;
    update kds.dead_letters l set
        resolved_at = now(), resolved_by = auth.uid(),
        resolution = coalesce(resolve_dead_letter.resolution, ''),
        resolved_actor = coalesce(resolve_dead_letter.actor, '')
    where l.device_id = resolve_dead_letter.device_id::text
        and l.op_id = resolve_dead_letter.op_id
        and l.resolved_at is null;
    return jsonb_build_object('server_time', clock_timestamp());
end
$$;

revoke execute on all functions in schema kds from public;
revoke execute on function public.resolve_dead_letter from public, anon;
grant execute on function public.resolve_dead_letter to authenticated, service_role;
