//! Halves of two pictures beside each other.

use fovea_shared::{
    gaze::{Fixation, Scanpath},
    image::{INPUT_SIDE, RgbImage},
    plane::Plane,
};

use super::{Part, Piece, TwoLesions};

/// Least share of a lesion's mass that its half must show.
const LEAST: f32 = 0.8;
/// Pixels by which halves are moved: lesion maps whose side is a multiple of 28 then move by whole cells.
const STEP: usize = INPUT_SIDE / 28;
const HALF: usize = INPUT_SIDE / 2;

/// Halves (columns, left and right, or rows, above and below) of two pictures beside each other,
/// each cut around its lesion's centre of mass, the first piece's half first. `None` where a half
/// would show less than 80 % of a lesion's mass, or where a piece has no lesion.
pub(crate) fn side_by_side(first: &Piece<'_>, second: &Piece<'_>, columns: bool) -> Option<TwoLesions> {
    let cuts = [Cut::around(first.lesion, columns, 0)?, Cut::around(second.lesion, columns, HALF)?];
    let image = RgbImage::from_fn(INPUT_SIDE as u32, INPUT_SIDE as u32, |x, y| {
        let along = if columns { x } else { y } as usize;
        let (piece, cut) = if along < HALF { (first, &cuts[0]) } else { (second, &cuts[1]) };
        let source = (along - cut.to + cut.from) as u32;
        *if columns { piece.image.get_pixel(source, y) } else { piece.image.get_pixel(x, source) }
    });
    let part = |piece: &Piece<'_>, cut: &Cut| Part { lesion: cut.plane(piece.lesion), gaze: cut.gaze(piece.gaze) };
    Some(TwoLesions { image, parts: [part(first, &cuts[0]), part(second, &cuts[1])] })
}

/// Which half of a picture is kept, and where it goes; pixels along the axis that is cut.
struct Cut {
    columns: bool,
    from: usize,
    to: usize,
}

impl Cut {
    /// The half around the lesion's centre of mass.
    fn around(lesion: &Plane, columns: bool, to: usize) -> Option<Self> {
        let side = lesion.width;
        let mut mass = vec![0.0f32; side];
        for (index, value) in lesion.data.iter().enumerate() {
            mass[if columns { index % side } else { index / side }] += value;
        }
        let total: f32 = mass.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let centre = mass.iter().enumerate().map(|(i, m)| (i as f32 + 0.5) * m).sum::<f32>() / total / side as f32;
        let start = (centre * INPUT_SIDE as f32 - HALF as f32 / 2.0) / STEP as f32;
        let cut = Self { columns, from: (start.round().max(0.0) as usize * STEP).min(INPUT_SIDE - HALF), to };
        let shown = cut.plane(lesion).data.iter().sum::<f32>();
        (shown >= LEAST * total).then_some(cut)
    }

    /// A map moved along with its half; 0 in the other half.
    fn plane(&self, lesion: &Plane) -> Plane {
        let side = lesion.width;
        let cells = |pixels: usize| (pixels * side + INPUT_SIDE / 2) / INPUT_SIDE;
        let (from, to) = (cells(self.from), cells(self.to));
        let end = if self.to == 0 { cells(HALF) } else { side };
        let mut out = Plane::filled(side, side, 0.0);
        for along in to..end.min(to + side - from) {
            for across in 0..side {
                let at = |along: usize| if self.columns { across * side + along } else { along * side + across };
                out.data[at(along)] = lesion.data[at(along - to + from)];
            }
        }
        out
    }

    /// The fixations on the half, moved along.
    fn gaze(&self, gaze: &Scanpath) -> Scanpath {
        let fraction = |pixels: usize| pixels as f32 / INPUT_SIDE as f32;
        let moved = |place: f32| {
            let inside = place - fraction(self.from);
            (0.0..0.5).contains(&inside).then(|| inside + fraction(self.to))
        };
        let fixation = |f: &Fixation| {
            Some(if self.columns { Fixation { x: moved(f.x)?, ..*f } } else { Fixation { y: moved(f.y)?, ..*f } })
        };
        Scanpath { fixations: gaze.fixations.iter().filter_map(fixation).collect() }
    }
}
