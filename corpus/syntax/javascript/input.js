#!/usr/bin/env node
'use strict';

import React, { useState } from 'react';
import * as path from "node:path";
import './style.css';
const fs = require('fs');
const { join, sep: separator } = require('path');
export { parse } from './parse.js';

/**
 * Largest number of open drawers.
 */
export const LIMIT = 1 << 10, SPARE = 3;
let counter = 0;
const [left, right] = sides();

/** Adds two numbers. */
export function add(a, b = 2, ...rest) {
  const sum = a + b;
  function inner() { return sum; }
  return inner();
}

export default function* walk(tree) { yield tree; }

async function load() {}

// Doubles.
const double = (x) => x * 2;
export const retry = async (task, { times = 3, delay } = {}) => {
  for (let i = 0; i < times; i++) await task();
};
const legacy = function named(x) { return x; };

/**
 * A drawer that holds things.
 */
@sealed
export class Drawer extends base.Box {
  static count = 0;
  #secret = 42;
  onOpen = (event) => { this.open(event); };

  constructor(size) { super(size); this.size = size; }

  /** How full it is. */
  get fill() { return this.#secret / this.size; }
  set fill(value) {}
  static async *[Symbol.iterator]() {}
  #hide() {}
  @bound open(event) { return add(event, 1); }
}

const Shape = class Shape extends mixin(Drawer) { area() {} };

export const api = {
  version: 2,
  list() { return []; },
  get: async function (id) { const x = id; return x; },
  put: (id, body) => { return body; },
  key: (id) => id,
};

Drawer.prototype.close = function () {};
Drawer.create = function create(size) { return new Drawer(size); };
exports.helper = function (x) { return x; };
this.late = () => {};

export const Panel = ({ title, children }) => {
  const [open, setOpen] = useState(false);
  return <Frame.Box><Header title={title} onClick={() => setOpen(!open)} />{children}</Frame.Box>;
};

app.get('/drawers', function (req, res) {
  var found = 1;
  res.send(found);
});

(function () {
  var hidden = 1;
  function seen() {}
})();

if (process.env.DEBUG) {
  const verbose = true;
}

describe('Drawer', () => {
  const drawer = new Drawer(3);
  beforeEach(() => {});
  it('opens', async () => {
    function check() {}
    expect(drawer.open()).toBe(1);
  });
  test.each([1, 2])(`holds %i`, (n) => {});
});

export { double as twice, Shape };

function broken(a, {
  return a +;

function after() { return double(1); }
