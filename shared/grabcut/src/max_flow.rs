//! The minimum cut of a pixel grid with eight neighbours a pixel.
//!
//! Boykov and Kolmogorov, "An experimental comparison of min-cut/max-flow algorithms for energy minimization in
//! vision", IEEE TPAMI 2004: two search trees, from the source and from the sink, grow until they touch; the path is
//! saturated; what it cut off is adopted again or set free. Capacities are integers, so the cut does not depend on the
//! order of sums and is the same on every machine.
//!
//! ```
//! use fovea_grabcut::max_flow::Grid;
//!
//! // Two pixels: the source feeds the left one, the sink drains the right one, and the arc between them is the bottleneck.
//! let mut grid = Grid::new(2, 1);
//! grid.set_terminals(0, 0, 9, 0);
//! grid.set_terminals(1, 0, 0, 9);
//! grid.join(0, 0, 0, 4);
//! assert_eq!(grid.cut(), (vec![true, false], 4));
//! ```

use std::collections::VecDeque;

/// Number of neighbours.
pub const DIRECTIONS: usize = 8;
/// Steps (columns, rows) to the eight neighbours. The opposite of direction `d` is `d ^ 1`.
pub const STEPS: [(isize, isize); DIRECTIONS] = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (-1, 1), (1, -1)];

// What a node's parent can be, besides a direction.
const TERMINAL: u8 = 8;
const ORPHAN: u8 = 9;
const NOBODY: u8 = 10;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tree {
    Free,
    Source,
    Sink,
}

/// A flow network over a grid. A frame of unconnected nodes surrounds the grid, so that no step needs a range check.
#[derive(Clone)]
pub struct Grid {
    /// Width with the frame.
    stride: usize,
    width: usize,
    height: usize,
    offsets: [isize; DIRECTIONS],
    /// What is left of the arcs to the neighbours.
    arcs: Vec<[i32; DIRECTIONS]>,
    /// What is left of a node's terminal arc: positive from the source, negative to the sink.
    terminal: Vec<i32>,
    flow: i64,
    tree: Vec<Tree>,
    parent: Vec<u8>,
    /// Distance to the terminal, valid as of `stamp`; both only choose short paths, never the result.
    distance: Vec<u32>,
    stamp: Vec<u32>,
    clock: u32,
    active: VecDeque<usize>,
    is_active: Vec<bool>,
    orphans: VecDeque<usize>,
}

impl Grid {
    /// A grid of `width` x `height` nodes without any arc.
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width + 2;
        let nodes = stride * (height + 2);
        Self {
            stride,
            width,
            height,
            offsets: STEPS.map(|(dx, dy)| dy * stride as isize + dx),
            arcs: vec![[0; DIRECTIONS]; nodes],
            terminal: vec![0; nodes],
            flow: 0,
            tree: vec![Tree::Free; nodes],
            parent: vec![NOBODY; nodes],
            distance: vec![0; nodes],
            stamp: vec![0; nodes],
            clock: 0,
            active: VecDeque::new(),
            is_active: vec![false; nodes],
            orphans: VecDeque::new(),
        }
    }

    fn node(&self, x: usize, y: usize) -> usize {
        (y + 1) * self.stride + x + 1
    }

    /// Joins a pixel and its neighbour in `direction` (an index into [`STEPS`]) with the same
    /// capacity both ways. Both pixels must lie inside the grid.
    ///
    /// # Panics
    /// When one of them does not.
    pub fn join(&mut self, x: usize, y: usize, direction: usize, capacity: i32) {
        let (dx, dy) = STEPS[direction];
        let inside =
            |at: usize, step: isize, side: usize| at < side && at.checked_add_signed(step).is_some_and(|v| v < side);
        assert!(
            inside(x, dx, self.width) && inside(y, dy, self.height),
            "the grid has no arc {direction} at ({x}, {y})"
        );
        let node = self.node(x, y);
        let other = self.neighbour(node, direction);
        self.arcs[node][direction] = capacity;
        self.arcs[other][direction ^ 1] = capacity;
    }

    /// Sets the capacities from the source to a pixel and from the pixel to the sink. Only their difference matters
    /// for the cut: the smaller of the two flows at once.
    pub fn set_terminals(&mut self, x: usize, y: usize, from_source: i32, to_sink: i32) {
        let node = self.node(x, y);
        self.terminal[node] = from_source - to_sink;
        self.flow += i64::from(from_source.min(to_sink));
    }

    fn neighbour(&self, node: usize, direction: usize) -> usize {
        node.wrapping_add_signed(self.offsets[direction])
    }

    /// Finds the minimum cut: for every pixel, row by row, whether it stays connected to the source; and the value of
    /// the cut. Where several cuts are minimal, the one with the fewest pixels on the source's side.
    pub fn cut(mut self) -> (Vec<bool>, i64) {
        self.plant();
        while let Some(&node) = self.active.front() {
            let found = if self.tree[node] == Tree::Free { None } else { self.grow(node) };
            match found {
                // The node may touch the other tree in more places: it stays first in the queue.
                Some((source_side, direction)) => {
                    self.augment(source_side, direction);
                    while let Some(orphan) = self.orphans.pop_front() {
                        self.adopt(orphan);
                    }
                }
                None => {
                    self.active.pop_front();
                    self.is_active[node] = false;
                }
            }
        }
        let mut side = Vec::with_capacity(self.width * self.height);
        for y in 0..self.height {
            let first = self.node(0, y);
            side.extend(self.tree[first..first + self.width].iter().map(|t| *t == Tree::Source));
        }
        (side, self.flow)
    }

    /// Makes every node with a terminal arc the child of its terminal.
    fn plant(&mut self) {
        for node in 0..self.terminal.len() {
            if self.terminal[node] != 0 {
                self.tree[node] = if self.terminal[node] > 0 { Tree::Source } else { Tree::Sink };
                self.parent[node] = TERMINAL;
                self.distance[node] = 1;
                self.activate(node);
            }
        }
    }

    fn activate(&mut self, node: usize) {
        if !self.is_active[node] {
            self.is_active[node] = true;
            self.active.push_back(node);
        }
    }

    /// What is left of the arc between a node and its neighbour, in the direction of the flow of the node's tree:
    /// away from the node in the source's tree, towards it in the sink's.
    fn outward(&self, node: usize, direction: usize) -> i32 {
        match self.tree[node] {
            Tree::Sink => self.arcs[self.neighbour(node, direction)][direction ^ 1],
            _ => self.arcs[node][direction],
        }
    }

    /// Lets the tree of `node` take over its free neighbours. Returns the arc where it met the other tree, as the
    /// node on the source's side and the direction to the sink's side.
    fn grow(&mut self, node: usize) -> Option<(usize, usize)> {
        let tree = self.tree[node];
        for direction in 0..DIRECTIONS {
            if self.outward(node, direction) == 0 {
                continue;
            }
            let other = self.neighbour(node, direction);
            if self.tree[other] == Tree::Free {
                self.tree[other] = tree;
                self.attach(other, node, direction ^ 1);
                self.activate(other);
            } else if self.tree[other] != tree {
                return Some(if tree == Tree::Source { (node, direction) } else { (other, direction ^ 1) });
            } else if self.stamp[other] <= self.stamp[node] && self.distance[other] > self.distance[node] {
                // A shorter way to the terminal than the neighbour has.
                self.attach(other, node, direction ^ 1);
            }
        }
        None
    }

    fn attach(&mut self, child: usize, parent: usize, direction: usize) {
        self.parent[child] = direction as u8;
        self.distance[child] = self.distance[parent] + 1;
        self.stamp[child] = self.stamp[parent];
    }

    /// Sends as much as fits along source -> .. -> `node` -> neighbour -> .. -> sink.
    fn augment(&mut self, node: usize, direction: usize) {
        let sink_side = self.neighbour(node, direction);
        let mut amount = self.arcs[node][direction];
        for start in [node, sink_side] {
            let mut at = start;
            while self.parent[at] != TERMINAL {
                let up = usize::from(self.parent[at]);
                let above = self.neighbour(at, up);
                let towards_sink = self.tree[at] == Tree::Sink;
                amount = amount.min(if towards_sink { self.arcs[at][up] } else { self.arcs[above][up ^ 1] });
                at = above;
            }
            amount = amount.min(self.terminal[at].abs());
        }
        self.push(node, direction, amount);
        for start in [node, sink_side] {
            let mut at = start;
            while self.parent[at] != TERMINAL {
                let up = usize::from(self.parent[at]);
                let above = self.neighbour(at, up);
                let left = if self.tree[at] == Tree::Sink {
                    self.push(at, up, amount)
                } else {
                    self.push(above, up ^ 1, amount)
                };
                if left == 0 {
                    self.orphan(at);
                }
                at = above;
            }
            self.terminal[at] -= self.terminal[at].signum() * amount;
            if self.terminal[at] == 0 {
                self.orphan(at);
            }
        }
        self.flow += i64::from(amount);
    }

    /// Sends flow over one arc and returns what is left of it.
    fn push(&mut self, node: usize, direction: usize, amount: i32) -> i32 {
        let other = self.neighbour(node, direction);
        self.arcs[node][direction] -= amount;
        self.arcs[other][direction ^ 1] += amount;
        self.arcs[node][direction]
    }

    fn orphan(&mut self, node: usize) {
        self.parent[node] = ORPHAN;
        self.orphans.push_back(node);
    }

    /// Finds a new parent in the same tree for a node that lost its own, or sets it free and orphans its children.
    fn adopt(&mut self, node: usize) {
        let tree = self.tree[node];
        self.clock += 1;
        let mut best: Option<(u32, usize)> = None;
        for direction in 0..DIRECTIONS {
            let other = self.neighbour(node, direction);
            if self.tree[other] == tree
                && self.outward(other, direction ^ 1) > 0
                && let Some(distance) = self.rooted(other)
                && best.is_none_or(|(least, _)| distance < least)
            {
                best = Some((distance, direction));
            }
        }
        if let Some((distance, direction)) = best {
            self.parent[node] = direction as u8;
            self.distance[node] = distance + 1;
            self.stamp[node] = self.clock;
            return;
        }
        for direction in 0..DIRECTIONS {
            let other = self.neighbour(node, direction);
            if self.tree[other] != tree {
                continue;
            }
            if self.outward(other, direction ^ 1) > 0 {
                self.activate(other);
            }
            if usize::from(self.parent[other]) == direction ^ 1 {
                self.orphan(other);
            }
        }
        self.tree[node] = Tree::Free;
        self.parent[node] = NOBODY;
    }

    /// The distance of a node to its terminal if its chain of parents ends there and not in an orphan. Marks the chain,
    /// so that the next walk can stop at it.
    fn rooted(&mut self, node: usize) -> Option<u32> {
        let mut at = node;
        let mut steps = 0;
        let base = loop {
            if self.stamp[at] == self.clock {
                break self.distance[at];
            }
            match self.parent[at] {
                TERMINAL => {
                    self.stamp[at] = self.clock;
                    self.distance[at] = 1;
                    break 1;
                }
                ORPHAN | NOBODY => return None,
                up => at = self.neighbour(at, usize::from(up)),
            }
            steps += 1;
        };
        let total = base + steps;
        let mut at = node;
        let mut distance = total;
        while self.stamp[at] != self.clock {
            self.stamp[at] = self.clock;
            self.distance[at] = distance;
            distance -= 1;
            at = self.neighbour(at, usize::from(self.parent[at]));
        }
        Some(total)
    }
}

#[cfg(test)]
mod tests;
