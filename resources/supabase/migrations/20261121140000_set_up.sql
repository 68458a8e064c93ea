-- The twin of kds/domain/verbs/setup.py: a manager sets the kitchen up.

create function kds.whole_arg(args jsonb, name text, at_least bigint, at_most bigint) returns bigint
language plpgsql immutable as $$
declare
    value text := args ->> name;
begin
    if jsonb_typeof(args -> name) is distinct from 'number' or value !~ '^-?\d+$'
        or not value::numeric between at_least and at_most
    then
        perform kds.reject(
            format('%s must be a whole number from %s to %s', name, at_least, at_most)
        );
    end if;
    return value::bigint;
end
$$;

-- What may be set of a row, in the order in which it is read.
create function kds.settings_of(of_table text) returns text[]
language sql immutable as $$
    select case of_table
        when 'stations' then array[
            'name', 'position', 'warn_after_s', 'late_after_s', 'backup_id', 'stage',
            'categories', 'items', 'modifiers', 'unattended'
        ]
        when 'branches' then array['name', 'expo_stages', 'type_ages']
        when 'menu_items' then array['prep_s', 'warn_after_s', 'late_after_s']
    end
$$;

-- [due, late], in seconds.
create function kds.is_age_pair(pair jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
    if jsonb_typeof(pair) <> 'array' then
        return false;
    end if;
    return jsonb_array_length(pair) = 2 and not exists (
        select from jsonb_array_elements(pair) n
        where jsonb_typeof(n) <> 'number' or n::text !~ '^\d+$'
            or not n::text::numeric between 1 and 86400
    );
end
$$;

-- {order type: [due, late]}; null where a type has no ages of its own any more.
create function kds.type_ages_arg(args jsonb, name text) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
    types constant text[] := array['dine_in', 'takeaway', 'delivery'];
    ages jsonb := kds.object_arg(args, name);
begin
    if exists (select from jsonb_object_keys(ages) t where t <> all (types)) then
        perform kds.reject(name || ' must be of ' || array_to_string(types, ', '));
    end if;
    if exists (
        select from jsonb_each(ages) e where e.value <> 'null' and not kds.is_age_pair(e.value)
    ) then
        perform kds.reject(name || ' must be pairs of whole numbers from 1 to 86400');
    end if;
    if exists (
        select from jsonb_each(ages) e
        where e.value <> 'null' and (e.value ->> 1)::integer <= (e.value ->> 0)::integer
    ) then
        perform kds.reject('late must come after due');
    end if;
    return ages;
end
$$;

-- One setting as the row is to have it.
create function kds.setting_arg(of_table text, args jsonb, name text) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
    case name
        when 'name' then
            return to_jsonb(kds.text_arg(args, name));
        when 'backup_id' then
            return to_jsonb(kds.optional_text_arg(args, name));
        when 'categories', 'items', 'modifiers' then
            return kds.list_arg(args, name, 'string', 0);
        when 'unattended' then
            return to_jsonb(kds.flag_arg(args, name));
        when 'type_ages' then
            return kds.type_ages_arg(args, name);
        when 'stage' then
            return to_jsonb(kds.whole_arg(args, name, 1, 9));
        when 'expo_stages' then
            return to_jsonb(kds.whole_arg(args, name, 1, 2));
        when 'position' then
            return to_jsonb(kds.whole_arg(args, name, 0, 9999));
        when 'prep_s' then
            return to_jsonb(kds.whole_arg(args, name, 0, 86400));
        when 'warn_after_s', 'late_after_s' then
            if of_table = 'menu_items' and args -> name = 'null' then
                return 'null';
            end if;
            return to_jsonb(kds.whole_arg(args, name, 1, 86400));
    end case;
end
$$;

-- The named settings, checked one by one.
create function kds.settings_arg(of_table text, args jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
    known text[] := kds.settings_of(of_table);
    given jsonb := kds.object_arg(args, 'values');
    unknown text;
    settings jsonb := '{}';
    name text;
begin
    select min(key collate "C") into unknown
    from jsonb_object_keys(given) key where key <> all (known);
    if unknown is not null then
        perform kds.reject(format('%s have no setting %s', of_table, unknown));
    end if;
    foreach name in array known loop
        if given ? name then
            settings := settings
                || jsonb_build_object(name, kds.setting_arg(of_table, given, name));
        end if;
    end loop;
    return settings;
end
$$;

-- What one setting alone does not tell: whether it goes with the rest of the row.
create function kds.judge_settings(op kds.op_context, target jsonb, settings jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    backup text := coalesce(settings ->> 'backup_id', '');
    after jsonb := target || settings;
begin
    if backup <> '' then
        perform kds.find_station(op, backup, 'unknown stand-in');
        if backup = target ->> 'id' then
            perform kds.reject((target ->> 'name') || ' cannot stand in for itself');
        end if;
    end if;
    if settings ?| array['warn_after_s', 'late_after_s']
        and (after ->> 'late_after_s')::integer <= (after ->> 'warn_after_s')::integer
    then
        perform kds.reject('late must come after due');
    end if;
end
$$;

-- Only the named settings change. A type's ages are set, or taken away; the others keep theirs.
create function kds.set_up(op kds.op_context, args jsonb) returns void
language plpgsql set search_path = '' as $$
declare
    of_table text := kds.choice_arg(args, 'table', array['stations', 'branches', 'menu_items']);
    wanted text := kds.text_arg(args, 'id');
    target jsonb;
    settings jsonb;
    columns text;
begin
    execute format(
        'select to_jsonb(t) from public.%I t where t.branch_id = $1 and t.id = $2', of_table
    ) into target using op.branch_id, wanted;
    if target is null then
        perform kds.reject('unknown ' || case of_table
            when 'stations' then 'station' when 'branches' then 'branch' else 'item'
        end);
    end if;
    settings := kds.settings_arg(of_table, args);
    perform kds.judge_settings(op, target, settings);
    if settings ? 'type_ages' then
        settings := settings || jsonb_build_object('type_ages', jsonb_strip_nulls(
            (target -> 'type_ages') || (settings -> 'type_ages')
        ));
    end if;
    select string_agg(quote_ident(key), ', ') into columns from jsonb_object_keys(settings) key;
    if columns is not null then
        execute format(
            'update public.%I t set (%s) = ('
            '    select %s from jsonb_populate_record(t, $1)'
            ') where t.branch_id = $2 and t.id = $3',
            of_table, columns, columns
        ) using settings, op.branch_id, wanted;
    end if;
end
$$;

create or replace function kds.may_do(role text, kind text) returns boolean
language sql immutable as $$
    select role = 'manager'
        or role = 'kitchen' and kind in (
            'start', 'bump', 'recall', 'acknowledge', 'ask', 'adjust_stock', 'eighty_six', 'fire',
            'hold', 'mark', 'assemble', 'hand_over', 'cover'
        )
        or role = 'pos' and kind not in (
            'start', 'adjust_stock', 'acknowledge', 'ask', 'assemble', 'cover', 'set_up'
        )
$$;

create or replace function kds.run_verb(op kds.op_context, kind text, role text, args jsonb)
returns void
language plpgsql set search_path = '' as $$
begin
    if not kind in (
        'place_order', 'add_lines', 'change_qty', 'void_line', 'void_order', 'close_order', 'pay',
        'answer', 'fire', 'hold', 'mark', 'eighty_six', 'start', 'bump', 'recall', 'acknowledge',
        'ask', 'adjust_stock', 'assemble', 'hand_over', 'cover', 'set_up'
    ) then
        perform kds.reject('this version does not know how to ' || replace(kind, '_', ' '));
    end if;
    if not kds.may_do(role, kind) then
        perform kds.reject(format('a %s device may not %s', role, replace(kind, '_', ' ')));
    end if;
    case kind
        when 'place_order' then perform kds.place_order(op, args);
        when 'add_lines' then perform kds.add_lines(op, args);
        when 'change_qty' then perform kds.change_qty(op, args);
        when 'void_line' then perform kds.void_line(op, args);
        when 'void_order' then perform kds.void_order(op, args);
        when 'close_order' then perform kds.close_order(op, args);
        when 'pay' then perform kds.pay(op, args);
        when 'answer' then perform kds.answer(op, args);
        when 'fire' then perform kds.fire(op, args);
        when 'hold' then perform kds.hold(op, args);
        when 'mark' then perform kds.mark(op, args);
        when 'eighty_six' then perform kds.eighty_six(op, args);
        when 'start' then perform kds.start(op, args);
        when 'bump' then perform kds.bump(op, args);
        when 'recall' then perform kds.recall(op, args);
        when 'acknowledge' then perform kds.acknowledge(op, args);
        when 'ask' then perform kds.ask(op, args);
        when 'adjust_stock' then perform kds.adjust_stock(op, args);
        when 'assemble' then perform kds.assemble(op, args);
        when 'hand_over' then perform kds.hand_over(op, args);
        when 'cover' then perform kds.cover(op, args);
        when 'set_up' then perform kds.set_up(op, args);
    end case;
end
$$;

-- -- bringing in a menu: what it does not mention stays as the manager has set it ---------------

create function kds.keep_settings(branch uuid, of_table text, rows jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
    kept text[] := array_remove(array_remove(kds.settings_of(of_table), 'name'), 'position');
    completed jsonb;
begin
    execute format(
        'select jsonb_agg(coalesce(s.settings, ''{}'') || r.value order by r.n)'
        ' from jsonb_array_elements($1) with ordinality r (value, n)'
        ' left join lateral ('
        '    select jsonb_object_agg(e.key, e.value) as settings'
        '    from public.%I t cross join jsonb_each(to_jsonb(t)) e'
        '    where t.branch_id = $2 and t.id = r.value ->> ''id'' and e.key = any ($3)'
        ' ) s on true', of_table
    ) into completed using rows, branch, kept;
    return coalesce(completed, '[]');
end
$$;

alter function kds.import_stations rename to replace_stations;
alter function kds.import_items rename to replace_items;

create function kds.import_stations(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    select kds.replace_stations(branch, kds.keep_settings(branch, 'stations', rows))
$$;

create function kds.import_items(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    select kds.replace_items(branch, kds.keep_settings(branch, 'menu_items', rows))
$$;

revoke execute on all functions in schema kds from public;
