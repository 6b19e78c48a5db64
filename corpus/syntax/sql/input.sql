-- The schema of the store.
CREATE SCHEMA IF NOT EXISTS store;

CREATE TYPE store.state AS ENUM ('open', 'closed');

-- One row per customer.
CREATE TABLE store.customers (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email VARCHAR(255) NOT NULL UNIQUE, -- lower case
    state store.state DEFAULT 'open',
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES store.customers (id) ON DELETE CASCADE,
    total NUMERIC(10, 2) CHECK (total >= 0),
    CONSTRAINT orders_unique UNIQUE (customer_id, id)
);

CREATE UNIQUE INDEX orders_by_customer ON orders (customer_id);

/* Orders of the last month. */
CREATE OR REPLACE VIEW recent_orders AS
SELECT o.id, c.email
FROM orders AS o
JOIN store.customers AS c ON c.id = o.customer_id
WHERE o.total > 0;

CREATE MATERIALIZED VIEW totals AS
WITH sums AS (SELECT customer_id, SUM(total) AS total FROM orders GROUP BY customer_id)
SELECT * FROM sums;

CREATE SEQUENCE order_numbers START 1000;

-- Adds tax to an amount.
CREATE OR REPLACE FUNCTION add_tax(amount NUMERIC, rate NUMERIC DEFAULT 0.2)
RETURNS NUMERIC
LANGUAGE plpgsql
AS $$
BEGIN
    RETURN amount * (1 + rate);
END;
$$;

CREATE FUNCTION double(x INT) RETURNS INT AS 'SELECT x * 2' LANGUAGE sql;

CREATE TRIGGER orders_touch
BEFORE UPDATE ON orders
FOR EACH ROW EXECUTE FUNCTION touch();

ALTER TABLE orders ADD COLUMN note TEXT;
ALTER TABLE orders ADD CONSTRAINT note_length CHECK (length(note) < 100);

INSERT INTO store.customers (email) VALUES ('ada@example.org'), ('grace@example.org');

CREATE ROLE reader;
CREATE EXTENSION IF NOT EXISTS pgcrypto;
CREATE DATABASE shop;

SELECT add_tax(total) FROM orders;

CREATE TABLE `quoted` (`key` TEXT, "other key" TEXT);

CREATE TABLE broken (
    id INTEGER,
    name
