//! Crate docs.

use std::collections::HashMap;
use crate::view::{Item, pack};

/// A store of values by key.
///
/// It grows without bound.
#[derive(Debug, Clone)]
pub struct Store<K, V = String>
where
    K: Ord,
{
    /// The values.
    pub values: HashMap<K, V>,
    count: usize, // trailing, not a doc of what follows
    last: Option<K>,
}

pub(super) enum Shape {
    Dot,
    Circle(f64),
    Rect { w: f64, h: f64 },
}

pub trait Area: Sized {
    type Unit;
    const SIDES: usize = 0;
    /// Computes the area.
    fn area(&self) -> f64;
    fn name(&self) -> String {
        "shape".to_owned()
    }
}

impl<K: Ord, V> Store<K, V> {
    /// Makes an empty store.
    pub const fn new(
        capacity: usize,
        hasher: impl Fn(&K) -> u64 + 'static,
    ) -> Self {
        fn helper() {}
        helper();
        todo!()
    }
    async unsafe fn get<'a, Q>(&'a self, key: &Q) -> Option<&'a V> where Q: ?Sized { None }
}

impl<K> Area for Store<K> { type Unit = (); fn area(&self) -> f64 { pack(1.0) } }

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}", self.area()) }
}

#[macro_export]
macro_rules! square {
    ($x:expr) => { $x * $x };
}

pub const LIMIT: usize = 1 << 20;
static mut GLOBAL: [u8; 4] = [0, 1, 2, 3];
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

mod inner {
    pub mod deeper { pub fn leaf() {} }
}

extern "C" {
    fn strlen(s: *const u8) -> usize;
}

cfg_net! {
    pub mod tcp;

    cfg_time! {
        /// Opens a door.
        #[must_use]
        pub fn open<T: Area>(door: Store<T>) -> Result<()> { tcp::open(door) }
    }
}

impl Shape {
    cfg_net! { pub fn send(&self) {} }
}

not_items! { a => b, fn lost }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(square!(2), 4);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn waits() {}
}

fn broken(a: u8 {
    let x = ;
}

fn after_broken() -> Shape { Shape::Dot }
