-- Two people to try the shop with: ann (ann-likes-tea) buys, sam (sam-works-here) is staff.
INSERT INTO users (name, password_hash, staff) VALUES
    ('ann', '8f1d2c3b4a5968778695a4b3c2d1e0ff$cf7d1d2a903c8f8e44696244834f3cd5a575997abb5ea77c13e91bc36b95d84d', false),
    ('sam', '0e1f2a3b4c5d6e7f8091a2b3c4d5e6f7$9a3394ff556e3d8b507a52489e1259ef3c43f43de25792510b2a8b489abd3575', true);

INSERT INTO products (name, price_cents, stock) VALUES
    ('Teapot, blue', 2450, 12),
    ('Tea, Assam, 250 g', 890, 140),
    ('Strainer', 420, 35),
    ('Cup, chipped', 150, 0);
