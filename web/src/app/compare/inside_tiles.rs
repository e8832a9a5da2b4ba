//! How many tiles the inside of a strategy needs: one for all students that see the same.

use crate::app::students::Strategy;
use crate::protocol::Inside;

/// Whether what a strategy sees is not the same for two students.
pub fn differs(strategy: Strategy, a: &Inside, b: &Inside) -> bool {
    match strategy {
        Strategy::Afc => a.cosine != b.cosine,
        Strategy::Cwc => (&a.reliable_lesion, &a.reliable_background) != (&b.reliable_lesion, &b.reliable_background),
        Strategy::Darm => (&a.disagreement, &a.masked) != (&b.disagreement, &b.masked),
    }
}

/// Whether a strategy sees anything of a student: AFC only through adapters, which it alone trains.
pub fn is_there(strategy: Strategy, inside: &Inside) -> bool {
    match strategy {
        Strategy::Afc => !inside.cosine.is_empty(),
        Strategy::Cwc => inside.reliable_lesion.is_some() || inside.reliable_background.is_some(),
        Strategy::Darm => inside.disagreement.is_some() || inside.masked.is_some(),
    }
}

/// The tiles that a strategy needs, each with the places of the students that share it: CWC's map is the teacher's, so all share one; AFC has
/// one for each student with adapters; DARM one for each student.
pub fn tiles(strategy: Strategy, students: &[(usize, &Inside)]) -> Vec<Vec<usize>> {
    let mut tiles: Vec<(&Inside, Vec<usize>)> = Vec::new();
    for (place, inside) in students.iter().filter(|(_, inside)| is_there(strategy, inside)) {
        match tiles.iter_mut().find(|(first, _)| !differs(strategy, first, inside)) {
            Some((_, places)) => places.push(*place),
            None => tiles.push((inside, vec![*place])),
        }
    }
    tiles.into_iter().map(|(_, places)| places).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Blob, Heat, Outline};

    fn outline(area: u32) -> Option<Outline> {
        Some(Outline {
            loops: vec![1],
            points: Blob(vec![area as u8; 8]),
            size: (10, 10),
            area,
            hash: area.to_string(),
            dice: None,
        })
    }

    /// A student with its own cosine, if it has adapters, and its own disagreement; the teacher is sure of the same place for all.
    fn inside(adapters: Option<u8>, apart: u32) -> Inside {
        Inside {
            cosine: adapters.map(|value| Heat { size: (1, 1), values: Blob(vec![value]) }).into_iter().collect(),
            cosine_means: vec![],
            reliable_lesion: outline(30),
            reliable_background: outline(60),
            disagreement: outline(apart),
            masked: outline(apart + 1),
        }
    }

    #[test]
    fn cwc_needs_one_tile_afc_those_with_adapters_and_darm_one_each() {
        let all = [inside(None, 1), inside(Some(200), 2), inside(Some(210), 3)];
        let students: Vec<(usize, &Inside)> = [4, 7, 9].into_iter().zip(&all).collect();
        assert_eq!(tiles(Strategy::Cwc, &students), [vec![4, 7, 9]]);
        assert_eq!(tiles(Strategy::Afc, &students), [vec![7], vec![9]]);
        assert_eq!(tiles(Strategy::Darm, &students), [vec![4], vec![7], vec![9]]);
    }

    #[test]
    fn what_is_the_same_is_shown_once_for_every_strategy() {
        let all = [inside(Some(200), 1), inside(Some(200), 1), inside(None, 1)];
        let students: Vec<(usize, &Inside)> = all.iter().enumerate().collect();
        assert_eq!(tiles(Strategy::Afc, &students), [vec![0, 1]]);
        assert_eq!(tiles(Strategy::Darm, &students), [vec![0, 1, 2]]);
    }

    #[test]
    fn a_strategy_that_saw_nothing_needs_no_tile_and_another_confident_area_a_second_one() {
        let nothing = Inside::default();
        for strategy in Strategy::ALL {
            assert!(tiles(strategy, &[(0, &nothing)]).is_empty());
        }
        let mut other = inside(None, 1);
        other.reliable_lesion = outline(31);
        assert_eq!(tiles(Strategy::Cwc, &[(0, &inside(None, 1)), (1, &other)]), [vec![0], vec![1]]);
    }
}
