#!/usr/bin/env lua
local json = require "json"
local insert, concat = table.insert, table.concat
local class = require("lib.class")

--- A garden with beds.
-- It needs water.
local Garden = class("Garden")
Garden.__index = Garden
VERSION = "2.1"
local LIMIT <const>, spare = 10, nil
local later

--[[ Makes a garden.
  Without beds. ]]
function Garden.new(name, ...)
  local self = setmetatable({}, Garden)
  local function helper(x) return x end
  self.name = helper(name)
  return self
end

-- Waters every bed.
function Garden:water(
  liters, -- how many
  slowly
)
  for _, bed in ipairs(self.beds) do
    bed:sprinkle(liters, function(drop) insert(self.log, drop) end)
  end
end

function Garden:empty() end

local function private_sum(a, b) return a + b end

Garden.sum = function(self) return private_sum(#self.beds, 1) end
local double = function(x) return x * 2 end
function global_helper() return concat({ "a" }, ",") end

local tools = {
  size = 3,
  dig = function(depth)
    return depth
  end,
  rake = function() end,
}

if jit then
  local only_here = 1
  function fast() end
end

describe("a garden", function()
  local garden = Garden.new("test")
  it("grows", function()
    assert.equal(1, garden:sum())
  end)
end)

function broken(a,
  return a +
end

function after() return Garden end

return { Garden = Garden, run = function() return Garden.new("run") end }
