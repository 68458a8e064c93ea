-- What a kitchen display needs to know: who makes a line and in which order, when it is to be
-- begun, what has changed since it was sent, and what the guest was promised. The meaning of
-- each column: kds/domain/rows.py.

alter table public.branches
    add column expo_stages integer not null default 1 check (expo_stages in (1, 2)),
    add column type_ages jsonb not null default '{}';

alter table public.stations
    add column items jsonb not null default '[]',
    add column modifiers jsonb not null default '[]',
    add column stage integer not null default 1 check (stage >= 1),
    add column backup_id text not null default '',
    add column covered_by text not null default '';

alter table public.menu_items
    add column prep_s integer not null default 0 check (prep_s >= 0),
    add column warn_after_s integer,
    add column late_after_s integer;

alter table public.orders
    add column vip boolean not null default false,
    add column promised_at timestamptz,
    add column pacing text not null default 'at_once'
        check (pacing in ('at_once', 'auto', 'manual')),
    add column together boolean not null default false,
    add column assembled_at timestamptz,
    add column handed_at timestamptz,
    add column questions jsonb not null default '[]';

alter table public.order_lines
    add column route jsonb not null default '[]',
    add column held boolean not null default false,
    add column fire_at timestamptz,
    add column prep_s integer not null default 0 check (prep_s >= 0),
    add column flag text not null default '' check (flag in ('', 'added', 'qty', 'void')),
    add column flag_at timestamptz,
    add column was_qty integer,
    add column seen_by jsonb not null default '[]',
    add column made_by text not null default '';

-- -- bringing in a menu ------------------------------------------------------------------------

-- A station that stays keeps its stand-in, if that stays.
create or replace function kds.import_stations(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.stations t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    update public.stations t set covered_by = ''
    where t.branch_id = branch and t.covered_by <> ''
        and t.covered_by not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.stations as t (
        id, branch_id, name, position, categories, warn_after_s, late_after_s, items, modifiers,
        stage, backup_id
    )
    select r.id, branch, r.name, coalesce(r.position, n), coalesce(r.categories, '[]'),
        coalesce(r.warn_after_s, 300), coalesce(r.late_after_s, 480), coalesce(r.items, '[]'),
        coalesce(r.modifiers, '[]'), coalesce(r.stage, 1), coalesce(r.backup_id, '')
    from jsonb_array_elements(rows) with ordinality e (value, n)
    cross join jsonb_to_record(e.value) r (
        id text, name text, position integer, categories jsonb, warn_after_s integer,
        late_after_s integer, items jsonb, modifiers jsonb, stage integer, backup_id text
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, position = excluded.position, categories = excluded.categories,
        warn_after_s = excluded.warn_after_s, late_after_s = excluded.late_after_s,
        items = excluded.items, modifiers = excluded.modifiers, stage = excluded.stage,
        backup_id = excluded.backup_id
$$;

-- An item that stays on the menu stays 86'd.
create or replace function kds.import_items(branch uuid, rows jsonb) returns void
language sql set search_path = '' as $$
    delete from public.menu_items t
    where t.branch_id = branch
        and t.id not in (select r ->> 'id' from jsonb_array_elements(rows) r);
    insert into public.menu_items as t (
        id, branch_id, name, category, position, variants, allergens, prep_s, warn_after_s,
        late_after_s
    )
    select r.id, branch, r.name, r.category, coalesce(r.position, n), r.variants,
        coalesce(r.allergens, '[]'), coalesce(r.prep_s, 0), r.warn_after_s, r.late_after_s
    from jsonb_array_elements(rows) with ordinality e (value, n)
    cross join jsonb_to_record(e.value) r (
        id text, name text, category text, position integer, variants jsonb, allergens jsonb,
        prep_s integer, warn_after_s integer, late_after_s integer
    )
    on conflict (branch_id, id) do update set
        name = excluded.name, category = excluded.category, position = excluded.position,
        variants = excluded.variants, allergens = excluded.allergens, prep_s = excluded.prep_s,
        warn_after_s = excluded.warn_after_s, late_after_s = excluded.late_after_s
$$;

-- Rows that were there look different now, and the log does not say so: terminals read anew.
select kds.new_epoch();
