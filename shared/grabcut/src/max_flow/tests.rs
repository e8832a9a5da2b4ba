use super::*;
use proptest::prelude::*;

/// Terminal capacities a pixel, and capacities to the four forward neighbours (right, down, two diagonals).
#[derive(Clone, Debug)]
struct Network {
    width: usize,
    height: usize,
    terminals: Vec<(i32, i32)>,
    links: Vec<[i32; 4]>,
}

const FORWARD: [usize; 4] = [0, 2, 4, 6];

impl Network {
    /// Every joined pair of pixels as (pixel, pixel, direction, capacity).
    fn joints(&self) -> Vec<(usize, usize, usize, i32)> {
        let mut joints = vec![];
        for at in 0..self.links.len() {
            for (direction, capacity) in FORWARD.into_iter().zip(self.links[at]) {
                let (x, y) = (at % self.width, at / self.width);
                let (dx, dy) = STEPS[direction];
                let (Some(x), Some(y)) = (x.checked_add_signed(dx), y.checked_add_signed(dy)) else { continue };
                if x < self.width && y < self.height {
                    joints.push((at, y * self.width + x, direction, capacity));
                }
            }
        }
        joints
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new(self.width, self.height);
        for (at, &(from_source, to_sink)) in self.terminals.iter().enumerate() {
            grid.set_terminals(at % self.width, at / self.width, from_source, to_sink);
        }
        for (at, _, direction, capacity) in self.joints() {
            grid.join(at % self.width, at / self.width, direction, capacity);
        }
        grid
    }

    /// What a cut costs: terminal arcs and joints with their ends on different sides.
    fn cost(&self, source_side: impl Fn(usize) -> bool) -> i64 {
        let terminals: i64 = self
            .terminals
            .iter()
            .enumerate()
            .map(|(at, &(from_source, to_sink))| i64::from(if source_side(at) { to_sink } else { from_source }))
            .sum();
        let joints = self.joints().into_iter().filter(|(a, b, ..)| source_side(*a) != source_side(*b));
        terminals + joints.map(|joint| i64::from(joint.3)).sum::<i64>()
    }
}

fn network(side: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Network> {
    (side.clone(), side).prop_flat_map(|(width, height)| {
        (
            prop::collection::vec((0i32..12, 0i32..12), width * height),
            prop::collection::vec(prop::array::uniform4(0i32..8), width * height),
        )
            .prop_map(move |(terminals, links)| Network { width, height, terminals, links })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_best_of_all_cuts(network in network(1..=3)) {
        let (side, flow) = network.grid().cut();
        let least = (0u32..1 << side.len()).map(|set| network.cost(|at| set >> at & 1 == 1)).min();
        prop_assert_eq!(Some(flow), least);
        prop_assert_eq!(network.cost(|at| side[at]), flow);
    }

    #[test]
    fn the_cut_costs_what_flows(network in network(4..=14)) {
        // Maximal flow = minimal cut: equality proves both, without trying every cut.
        let (side, flow) = network.grid().cut();
        prop_assert_eq!(network.cost(|at| side[at]), flow);
    }
}

#[test]
fn a_grid_without_arcs_is_all_sink() {
    assert_eq!(Grid::new(3, 2).cut(), (vec![false; 6], 0));
    assert_eq!(Grid::new(0, 0).cut(), (vec![], 0));
}
