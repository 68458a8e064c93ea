-- What managers and jobs do: bring in a menu, archive old orders, forget old changes.

-- A part of a menu, checked: null when it is not in the menu (that part stays untouched).
create function kds.menu_part(menu jsonb, part text, key_of text default 'id') returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
    rows jsonb := menu -> part;
    doubled text;
begin
    if rows is null then
        return null;
    end if;
    if jsonb_typeof(rows) <> 'array' then
        raise invalid_parameter_value using message = format('menu: %s must be a list', part);
    end if;
    if exists (
        select from jsonb_array_elements(rows) r
        where jsonb_typeof(r) <> 'object' or coalesce(r ->> key_of, '') !~ '\S'
    ) then
        raise invalid_parameter_value using
            message = format('menu: every one of the %s needs its %s', part, key_of);
    end if;
    select r ->> 'id' into doubled from jsonb_array_elements(rows) r
    where r ? 'id' group by r ->> 'id' having count(*) > 1 limit 1;
    if found then
        raise invalid_parameter_value using
            message = format('menu: %s has %s twice', part, doubled);
    end if;
    return rows;
end
$$;

-- Sizes must be a list of at least one {name, price} with whole, not negative prices.
create function kds.check_variants(items jsonb) returns void
language plpgsql immutable set search_path = '' as $$
declare
    bad text;
begin
    select i ->> 'id' into bad from jsonb_array_elements(items) i
    where jsonb_typeof(i -> 'variants') is distinct from 'array'
        or i -> 'variants' = '[]'
        or exists (
            select from jsonb_array_elements(
                case jsonb_typeof(i -> 'variants') when 'array' then i -> 'variants' else '[]' end
            ) v
            where jsonb_typeof(v -> 'name') is distinct from 'string'
                or jsonb_typeof(v -> 'price') is distinct from 'number'
                or v ->> 'price' !~ '^\d+$'
        )
    limit 1;
    if found then
        raise invalid_parameter_value using message = format(
            'menu: %s needs variants, each with a name and a price in whole minor units', bad
        );
    end if;
end
$$;

create function kds.import_stations(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.stations t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.stations as t
        (id, branch_id, name, position, categories, warn_after_s, late_after_s)
    select r.id, branch, r.name, coalesce(r.position, n), coalesce(r.categories, '[]'),
        coalesce(r.warn_after_s, 300), coalesce(r.late_after_s, 480)
    from jsonb_array_elements(rows) with ordinality e (value, n)
    cross join jsonb_to_record(e.value) r (
        id text, name text, position integer, categories jsonb, warn_after_s integer,
        late_after_s integer
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, position = excluded.position, categories = excluded.categories,
        warn_after_s = excluded.warn_after_s, late_after_s = excluded.late_after_s
$$;

-- An item that stays on the menu stays 86'd.
create function kds.import_items(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.menu_items t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.menu_items as t
        (id, branch_id, name, category, position, variants, allergens)
    select r.id, branch, r.name, r.category, coalesce(r.position, n), r.variants,
        coalesce(r.allergens, '[]')
    from jsonb_array_elements(rows) with ordinality e (value, n)
    cross join jsonb_to_record(e.value) r (
        id text, name text, category text, position integer, variants jsonb, allergens jsonb
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, category = excluded.category, position = excluded.position,
        variants = excluded.variants, allergens = excluded.allergens
$$;

create function kds.import_modifiers(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.modifiers t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.modifiers as t (id, branch_id, name, kind, price, categories)
    select r.id, branch, r.name, r.kind, coalesce(r.price, 0), coalesce(r.categories, '[]')
    from jsonb_to_recordset(rows) r (
        id text, name text, kind text, price integer, categories jsonb
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, kind = excluded.kind, price = excluded.price,
        categories = excluded.categories
$$;

create function kds.import_stock(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.stock_items t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.stock_items as t (id, branch_id, name, unit, level, low_level, par_level)
    select r.id, branch, r.name, r.unit, r.level, coalesce(r.low_level, 0),
        coalesce(r.par_level, r.level)
    from jsonb_to_recordset(rows) r (
        id text, name text, unit text, level bigint, low_level bigint, par_level bigint
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, unit = excluded.unit, level = excluded.level,
        low_level = excluded.low_level, par_level = excluded.par_level
$$;

create function kds.import_recipes(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.recipes t where t.branch_id = branch and t.id not in (
        select concat_ws(':', r ->> 'item_id', coalesce(r ->> 'variant', ''), r ->> 'stock_item_id')
        from jsonb_array_elements(rows) r
    );
    insert into public.recipes as t (id, branch_id, item_id, variant, stock_item_id, qty)
    select concat_ws(':', r.item_id, coalesce(r.variant, ''), r.stock_item_id), branch,
        r.item_id, coalesce(r.variant, ''), r.stock_item_id, r.qty
    from jsonb_to_recordset(rows) r (
        item_id text, variant text, stock_item_id text, qty integer
    )
    on conflict (branch_id, id) do update set qty = excluded.qty
$$;

-- Recipes go with the item or stock item that they are about; a given one must have both.
create function kds.check_recipes(branch uuid, given boolean) returns void
language plpgsql set search_path = '' as $$
declare
    orphans text[] := array(
        select t.id from public.recipes t
        where t.branch_id = branch and (
            not exists (
                select from public.menu_items i
                where i.branch_id = branch and i.id = t.item_id and (
                    t.variant = '' or exists (
                        select from jsonb_array_elements(i.variants) v
                        where v ->> 'name' = t.variant
                    )
                )
            ) or not exists (
                select from public.stock_items s
                where s.branch_id = branch and s.id = t.stock_item_id
            )
        )
    );
begin
    if given and orphans <> '{}' then
        raise invalid_parameter_value using message =
            format('menu: recipe %s names no item, variant or stock item of the menu', orphans[1]);
    end if;
    delete from public.recipes t where t.branch_id = branch and t.id = any (orphans);
end
$$;

-- Replaces the parts of a branch's menu that are given, all or nothing.
create function public.import_menu(branch_id uuid, menu jsonb) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stations jsonb := kds.menu_part(menu, 'stations');
    items jsonb := kds.menu_part(menu, 'items');
    modifiers jsonb := kds.menu_part(menu, 'modifiers');
    stock jsonb := kds.menu_part(menu, 'stock_items');
    recipes jsonb := kds.menu_part(menu, 'recipes', 'item_id');
begin
    perform kds.require_manager(branch_id);
    perform kds.lock_branch(branch_id);
    begin
        if stations is not null then
            perform kds.import_stations(branch_id, stations);
        end if;
        if items is not null then
            perform kds.check_variants(items);
            perform kds.import_items(branch_id, items);
        end if;
        if modifiers is not null then
            perform kds.import_modifiers(branch_id, modifiers);
        end if;
        if stock is not null then
            perform kds.import_stock(branch_id, stock);
        end if;
        if recipes is not null then
            perform kds.import_recipes(branch_id, recipes);
        end if;
    exception when integrity_constraint_violation or data_exception then
        -- What a column or check refuses is the file's fault, and 400 for the caller.
        raise invalid_parameter_value using message =
            'menu: ' || regexp_replace(sqlerrm, '^menu: ', '');
    end;
    perform kds.check_recipes(branch_id, recipes is not null);
    return jsonb_build_object('server_time', clock_timestamp());
end
$$;

-- Takes closed and void orders older than `before` out of the shared window; they stay to be
-- queried.
create function public.archive_orders(branch_id uuid, before timestamptz) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    archived bigint;
begin
    perform kds.require_manager(branch_id);
    perform kds.lock_branch(branch_id);
    update public.orders o set archived_at = now()
    where o.branch_id = archive_orders.branch_id and o.archived_at is null
        and o.state in ('closed', 'void') and coalesce(o.closed_at, o.placed_at) < before;
    get diagnostics archived = row_count;
    return jsonb_build_object('server_time', clock_timestamp(), 'archived', archived);
end
$$;

-- Forgets changes older than `keep`: a terminal that was away for longer starts from a
-- snapshot. Outcomes go too, never before 90 days and never one that an op could still ask for
-- out of turn.
create function public.prune_changes(keep interval) returns jsonb
language plpgsql security definer set search_path = '' set timezone = 'UTC' as $$
declare
    stream public.streams;
    new_floor bigint;
    pruned bigint := 0;
    removed bigint;
begin
    if not kds.is_trusted() then
        raise sqlstate '42501' using message = 'Only the server itself may do this.';
    end if;
    for stream in select * from public.streams order by branch_id, class loop
        select max(c.rev) into new_floor from kds.changes c
        where c.stream_id = stream.stream_id and c.at < now() - keep;
        if new_floor > stream.floor_rev then
            update public.streams s set floor_rev = new_floor
            where s.stream_id = stream.stream_id;
            delete from kds.changes c
            where c.stream_id = stream.stream_id and c.rev <= new_floor;
            get diagnostics removed = row_count;
            pruned := pruned + removed;
        end if;
    end loop;
    delete from kds.outcomes o using kds.devices_private p
    where p.device_id = o.device_id and o.seq <= p.last_seq
        and o.at < now() - greatest(keep, interval '90 days');
    return jsonb_build_object('server_time', clock_timestamp(), 'pruned', pruned);
end
$$;

revoke execute on all functions in schema kds from public;
revoke execute on function public.import_menu, public.archive_orders, public.prune_changes
    from public, anon;
grant execute on function public.import_menu, public.archive_orders
    to authenticated, service_role;
revoke execute on function public.prune_changes from authenticated;
grant execute on function public.prune_changes to service_role;
