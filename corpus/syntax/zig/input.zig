//! A store.
const std = @import("std");
const view = @import("view.zig");
const Allocator = std.mem.Allocator;

/// Most entries.
pub const limit: usize = 100;
var counter: u32 = 0;
threadlocal var depth: u8 = 0;
extern "c" fn strlen(s: [*:0]const u8) usize;

/// Keeps values by key.
pub const Store = struct {
    const Self = @This();

    values: std.StringHashMap(u32),
    /// How many.
    count: usize = 0,
    allocator: Allocator,

    pub const Mode = enum(u8) {
        read = 1,
        write,

        pub fn label(self: Mode) []const u8 {
            return @tagName(self);
        }
    };

    /// Makes a store.
    pub fn init(
        allocator: Allocator,
        capacity: usize,
    ) !Self {
        const local = try helper(capacity);
        return Self{ .values = undefined, .count = local, .allocator = allocator };
    }

    pub inline fn find(self: *const Self, key: []const u8) ?u32 {
        return self.values.get(key) orelse null;
    }

    fn hidden(self: *Self) void {
        self.count += 1;
    }
};

pub const Value = union(enum) {
    number: i64,
    text: []const u8,
    none,
};

const Packed = packed struct { low: u4, high: u4 };
const Handle = opaque {};
pub const Error = error{ NotFound, OutOfMemory };
pub const Handler = *const fn (value: u32) void;

pub fn List(comptime T: type) type {
    return struct {
        items: []T,

        pub fn append(self: *@This(), item: T) void {
            _ = item;
        }
    };
}

fn helper(n: usize) !usize {
    if (n == 0) return error.NotFound;
    return n;
}

export fn store_version() c_int {
    return 1;
}

comptime {
    std.debug.assert(limit > 0);
}

test "finds values" {
    const store = try Store.init(std.testing.allocator, 1);
    try std.testing.expect(store.find("a") == null);
}

test helper {
    _ = try helper(1);
}

fn bad(n: u8 {
    return n;
}

pub fn after() void {}
