-- The demo restaurant: "Bella Napoli", and "Bella Roma" across town, which must see nothing of
-- it. Pizzas and prices are those of the data set pizzaplace (R package gt, MIT licence).
-- Accounts are not made here but through the Auth admin API.

insert into public.branches (id, branch_id, name, currency, timezone) values
    ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001',
        'Bella Napoli', 'USD', 'America/New_York'),
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000002',
        'Bella Roma', 'USD', 'America/New_York');

create temporary table demo as
select '00000000-0000-4000-8000-000000000001'::uuid as branch;

insert into public.stations
    (id, branch_id, name, position, categories, warn_after_s, late_after_s, backup_id)
select s.id, branch, s.name, s.position, to_jsonb(s.categories), s.warn_after_s,
    s.late_after_s, s.backup_id
from demo, (values
    ('oven', 'Oven', 1, array['classic', 'supreme'], 300, 480, 'grill'),
    ('grill', 'Grill', 2, array['chicken'], 360, 600, 'oven'),
    ('garden', 'Garden', 3, array['veggie', 'salads'], 240, 420, 'oven'),
    ('bar', 'Bar', 4, array['drinks'], 120, 240, 'garden')
) s (id, name, position, categories, warn_after_s, late_after_s, backup_id);

insert into public.staff (id, branch_id, name, role)
select s.id, branch, s.name, s.role
from demo, (values
    ('00000000-0000-4000-8000-000000000101', 'Giulia Romano', 'manager'),
    ('00000000-0000-4000-8000-000000000102', 'Marco Esposito', 'kitchen'),
    ('00000000-0000-4000-8000-000000000103', 'Aisha Khan', 'kitchen'),
    ('00000000-0000-4000-8000-000000000104', 'Diego Alvarez', 'kitchen'),
    ('00000000-0000-4000-8000-000000000105', 'Emma Clarke', 'pos'),
    ('00000000-0000-4000-8000-000000000106', 'Noah Bennett', 'pos')
) s (id, name, role);

insert into public.modifiers (id, branch_id, name, kind, price, categories)
select m.id, branch, m.name, m.kind, m.price, to_jsonb(m.categories)
from demo, (select '{classic,supreme,chicken,veggie}'::text[] as pizza) p, lateral (values
    ('extra_cheese', 'Extra cheese', 'add', 150, pizza),
    ('extra_mushrooms', 'Mushrooms', 'add', 125, pizza),
    ('extra_olives', 'Olives', 'add', 125, pizza),
    ('hot', 'Extra hot', 'add', 0, pizza),
    ('gluten_free', 'Gluten-free base', 'add', 300, pizza),
    ('grilled_chicken', 'Grilled chicken', 'add', 350, array['salads']),
    ('no_onion', 'Onion', 'remove', 0, pizza || '{salads}'),
    ('no_cheese', 'Cheese', 'remove', 0, pizza || '{salads}'),
    ('no_dressing', 'Dressing', 'remove', 0, array['salads']),
    ('no_ice', 'Ice', 'remove', 0, array['drinks'])
) m (id, name, kind, price, categories);

-- Enough for a busy day (115 orders, 264 pizzas); dough, mozzarella, chicken and peppers then
-- need an order, pineapple a quick one.
insert into public.stock_items (id, branch_id, name, unit, level, low_level, par_level)
select s.id, branch, s.name, s.unit, s.level, s.low_level, s.par_level
from demo, (values
    ('dough', 'Pizza dough', 'g', 90000, 20000, 100000),
    ('mozzarella', 'Mozzarella', 'g', 40000, 8000, 45000),
    ('sauce', 'Tomato sauce', 'ml', 40000, 8000, 45000),
    ('pepperoni', 'Pepperoni', 'g', 9000, 2000, 10000),
    ('ham', 'Ham and prosciutto', 'g', 9000, 2000, 10000),
    ('chicken', 'Chicken breast', 'g', 5600, 1500, 8000),
    ('mushrooms', 'Mushrooms', 'g', 6000, 1500, 8000),
    ('peppers', 'Peppers and onions', 'g', 7000, 1500, 8000),
    ('spinach', 'Spinach', 'g', 4000, 800, 5000),
    ('olives', 'Olives', 'g', 4000, 800, 5000),
    ('feta', 'Feta and blue cheese', 'g', 6000, 1200, 7000),
    ('pineapple', 'Pineapple', 'g', 1500, 500, 2500),
    ('greens', 'Salad greens', 'g', 6000, 1500, 8000),
    ('cola', 'Cola, can', 'pcs', 120, 24, 144),
    ('water', 'Mineral water, bottle', 'pcs', 96, 24, 120),
    ('beer', 'Lager, bottle', 'pcs', 72, 24, 96)
) s (id, name, unit, level, low_level, par_level);

-- `prices`: S, M, L, XL, XXL, null where there is no such size.
create temporary table demo_pizzas (
    place integer generated always as identity,
    id text, name text, category text, prices integer[], toppings text[], allergens text[]
);
insert into demo_pizzas (id, name, category, prices, toppings, allergens) values
    ('pepperoni', 'Pepperoni', 'classic', array[975, 1250, 1525, null, null],
        '{pepperoni}', '{gluten,milk}'),
    ('hawaiian', 'Hawaiian', 'classic', array[1050, 1325, 1650, null, null],
        '{ham,pineapple}', '{gluten,milk}'),
    ('classic_dlx', 'Classic Deluxe', 'classic', array[1200, 1600, 2050, null, null],
        '{pepperoni,mushrooms,peppers}', '{gluten,milk}'),
    ('big_meat', 'Big Meat', 'classic', array[1200, null, null, null, null],
        '{pepperoni,ham}', '{gluten,milk}'),
    ('ital_cpcllo', 'Italian Capocollo', 'classic', array[1200, 1600, 2050, null, null],
        '{ham,peppers}', '{gluten,milk}'),
    ('napolitana', 'Napolitana', 'classic', array[1200, 1600, 2050, null, null],
        '{olives}', '{gluten,milk,fish}'),
    ('pep_msh_pep', 'Pepperoni, Mushroom & Peppers', 'classic', array[1100, 1450, 1750, null, null],
        '{pepperoni,mushrooms,peppers}', '{gluten,milk}'),
    ('the_greek', 'The Greek', 'classic', array[1200, 1600, 2050, 2550, 3595],
        '{feta,olives,peppers}', '{gluten,milk}'),
    ('calabrese', 'Calabrese', 'supreme', array[1225, 1625, 2025, null, null],
        '{ham,peppers}', '{gluten,milk}'),
    ('ital_supr', 'Italian Supreme', 'supreme', array[1250, 1650, 2075, null, null],
        '{pepperoni,olives,peppers}', '{gluten,milk}'),
    ('peppr_salami', 'Pepper Salami', 'supreme', array[1250, 1650, 2075, null, null],
        '{pepperoni,peppers}', '{gluten,milk}'),
    ('prsc_argla', 'Prosciutto & Arugula', 'supreme', array[1250, 1650, 2075, null, null],
        '{ham,greens}', '{gluten,milk}'),
    ('sicilian', 'Sicilian', 'supreme', array[1225, 1625, 2025, null, null],
        '{ham,olives}', '{gluten,milk}'),
    ('soppressata', 'Soppressata', 'supreme', array[1250, 1650, 2075, null, null],
        '{pepperoni,mushrooms}', '{gluten,milk}'),
    ('spicy_ital', 'Spicy Italian', 'supreme', array[1250, 1650, 2075, null, null],
        '{pepperoni,peppers}', '{gluten,milk}'),
    ('spinach_supr', 'Spinach Supreme', 'supreme', array[1250, 1650, 2075, null, null],
        '{spinach,ham}', '{gluten,milk}'),
    ('brie_carre', 'Brie Carré', 'supreme', array[2365, null, null, null, null],
        '{ham,feta}', '{gluten,milk}'),
    ('bbq_ckn', 'Barbecue Chicken', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,peppers}', '{gluten,milk}'),
    ('cali_ckn', 'California Chicken', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,spinach}', '{gluten,milk}'),
    ('ckn_alfredo', 'Chicken Alfredo', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,mushrooms}', '{gluten,milk}'),
    ('ckn_pesto', 'Chicken Pesto', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,spinach}', '{gluten,milk,nuts}'),
    ('southw_ckn', 'Southwest Chicken', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,peppers}', '{gluten,milk}'),
    ('thai_ckn', 'Thai Chicken', 'chicken', array[1275, 1675, 2075, null, null],
        '{chicken,pineapple}', '{gluten,milk,nuts}'),
    ('five_cheese', 'Five Cheese', 'veggie', array[null, null, 1850, null, null],
        '{feta}', '{gluten,milk}'),
    ('four_cheese', 'Four Cheese', 'veggie', array[null, 1475, 1795, null, null],
        '{feta}', '{gluten,milk}'),
    ('green_garden', 'Green Garden', 'veggie', array[1200, 1600, 2025, null, null],
        '{spinach,mushrooms,olives}', '{gluten,milk}'),
    ('ital_veggie', 'Italian Vegetables', 'veggie', array[1275, 1675, 2100, null, null],
        '{peppers,mushrooms}', '{gluten,milk}'),
    ('mediterraneo', 'Mediterraneo', 'veggie', array[1200, 1600, 2025, null, null],
        '{feta,olives,spinach}', '{gluten,milk}'),
    ('mexicana', 'Mexicana', 'veggie', array[1200, 1600, 2025, null, null],
        '{peppers,olives}', '{gluten,milk}'),
    ('spin_pesto', 'Spinach Pesto', 'veggie', array[1250, 1650, 2075, null, null],
        '{spinach,feta}', '{gluten,milk,nuts}'),
    ('spinach_fet', 'Spinach & Feta', 'veggie', array[1200, 1600, 2025, null, null],
        '{spinach,feta}', '{gluten,milk}'),
    ('veggie_veg', 'Vegetables + Vegetables', 'veggie', array[1200, 1600, 2025, null, null],
        '{mushrooms,peppers,olives}', '{gluten,milk}');

-- How much of everything a size takes, in portions, and how much a portion is.
create temporary table demo_sizes as
select * from (values (1, 'S', 2), (2, 'M', 3), (3, 'L', 4), (4, 'XL', 5), (5, 'XXL', 7))
    s (place, name, portions);
create temporary table demo_portions as
select * from (values
    ('dough', 90), ('mozzarella', 40), ('sauce', 30), ('pepperoni', 15), ('ham', 18),
    ('chicken', 25), ('mushrooms', 15), ('peppers', 15), ('spinach', 10), ('olives', 8),
    ('feta', 14), ('pineapple', 20), ('greens', 8)
) p (stock_item_id, qty);

-- A pizza takes 7 minutes, and half a minute more for each topping.
insert into public.menu_items
    (id, branch_id, name, category, position, variants, allergens, prep_s)
select p.id, branch, p.name, p.category, p.place, v.variants, to_jsonb(p.allergens),
    420 + 30 * cardinality(p.toppings)
from demo, demo_pizzas p, lateral (
    select jsonb_agg(
        jsonb_build_object('name', s.name, 'price', p.prices[s.place]) order by s.place
    ) as variants
    from demo_sizes s where p.prices[s.place] is not null
) v;

-- A salad wilts sooner than its station's pizzas, and a drink is drawn in no time.
insert into public.menu_items (
    id, branch_id, name, category, position, variants, allergens, prep_s, warn_after_s,
    late_after_s
)
select i.id, branch, i.name, i.category, i.position,
    jsonb_build_array(jsonb_build_object('name', '', 'price', i.price)), to_jsonb(i.allergens),
    i.prep_s, i.warn_after_s, i.late_after_s
from demo, (values
    ('house_salad', 'House Salad', 'salads', 41, 750, array['mustard'], 240, 180, 300),
    ('caesar', 'Caesar Salad', 'salads', 42, 950, array['milk', 'egg', 'fish', 'gluten'],
        240, 180, 300),
    ('greek_salad', 'Greek Salad', 'salads', 43, 975, array['milk'], 240, 180, 300),
    ('cola', 'Cola', 'drinks', 51, 300, '{}'::text[], 45, null::integer, null::integer),
    ('water', 'Mineral Water', 'drinks', 52, 275, '{}', 45, null, null),
    ('lager', 'Lager', 'drinks', 53, 550, array['gluten'], 45, null, null)
) i (
    id, name, category, position, price, allergens, prep_s, warn_after_s, late_after_s
);

insert into public.recipes (id, branch_id, item_id, variant, stock_item_id, qty)
select concat_ws(':', p.id, s.name, q.stock_item_id), branch,
    p.id, s.name, q.stock_item_id, q.qty * s.portions
from demo, demo_pizzas p
join demo_sizes s on p.prices[s.place] is not null
join demo_portions q on q.stock_item_id = any (p.toppings || '{dough,mozzarella,sauce}');

insert into public.recipes (id, branch_id, item_id, variant, stock_item_id, qty)
select concat_ws(':', r.item_id, '', r.stock_item_id), branch,
    r.item_id, '', r.stock_item_id, r.qty
from demo, (values
    ('house_salad', 'greens', 150), ('house_salad', 'peppers', 40),
    ('caesar', 'greens', 180), ('greek_salad', 'greens', 120), ('greek_salad', 'feta', 60),
    ('greek_salad', 'olives', 30), ('cola', 'cola', 1), ('water', 'water', 1), ('lager', 'beer', 1)
) r (item_id, stock_item_id, qty);

drop table demo, demo_pizzas, demo_sizes, demo_portions;

insert into public.stations (id, branch_id, name, position, categories) values
    ('oven', '00000000-0000-4000-8000-000000000002', 'Oven', 1, '["pizza"]');
insert into public.menu_items (id, branch_id, name, category, position, variants) values
    ('margherita', '00000000-0000-4000-8000-000000000002', 'Margherita', 'pizza', 1,
        '[{"name": "", "price": 1100}]');
