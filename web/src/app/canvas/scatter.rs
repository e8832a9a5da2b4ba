//! Dots with names over two axes, and lines across for values to compare with. The layout is plain
//! data; [`super::chart`] is for lines over steps.

/// Width and height of the chart in its own units.
pub const SIZE: (f64, f64) = (320.0, 260.0);

/// Room for the numbers at the left and lower edges, and at the others.
const LEFT: f64 = 30.0;
const BELOW: f64 = 20.0;
const EDGE: f64 = 8.0;

/// Radius of a dot.
pub const RADIUS: f64 = 4.0;

/// Height of a name, and about how wide a letter is: Latin, and as wide as high.
const LINE: f64 = 12.0;
const LETTER: f64 = 5.8;
const WIDE: f64 = 11.0;

/// A name that finds no room at its dot is looked for on rings around it: how many, and how far from
/// each other. The places on a ring in sixteenths of a turn, the best first: right, left, ...
const RINGS: usize = 16;
const RING: f64 = 8.0;
const TURNS: [u8; 16] = [0, 8, 1, 15, 7, 9, 2, 14, 6, 10, 4, 12, 3, 13, 5, 11];

/// Most letters of a name that stand in the chart.
const LETTERS: usize = 14;

/// A dot: its name, and its values on the axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Stands beside it where there is room.
    pub name: String,
    /// On the axis to the right, at least 0.
    pub x: f64,
    /// On the axis upwards, 0 to 1.
    pub y: f64,
}

/// A line across: its name, and its value, 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Stands on it.
    pub name: String,
    /// On the axis upwards.
    pub y: f64,
}

/// A name in the chart: its text, and where it begins on its base line.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// A long name is cut.
    pub text: String,
    /// Left end.
    pub x: f64,
    /// Base line.
    pub y: f64,
    /// The end of a line that leads to it from its dot, where it stands away from that.
    pub leader: Option<(f64, f64)>,
}

/// Where everything stands, in the chart's units.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Values along the axis to the right, with their places.
    pub across: Vec<(f64, f64)>,
    /// Values along the axis upwards, with their places.
    pub upwards: Vec<(f64, f64)>,
    /// The centre of each dot, and its name where there is room for it.
    pub dots: Vec<((f64, f64), Option<Name>)>,
    /// The height of each line, and its name where there is room for it.
    pub levels: Vec<(f64, Option<Name>)>,
}

/// A box that is taken: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Taken(f64, f64, f64, f64);

impl Taken {
    fn meets(&self, other: &Self) -> bool {
        self.0 < other.2 && other.0 < self.2 && self.1 < other.3 && other.1 < self.3
    }

    /// The point of the box that is nearest to another one.
    fn nearest(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (x.clamp(self.0, self.2), y.clamp(self.1, self.3))
    }

    fn inside(&self) -> bool {
        self.0 >= LEFT && self.2 <= SIZE.0 && self.1 >= 0.0 && self.3 <= SIZE.1 - BELOW
    }
}

/// The end of the axis to the right: round, with a round half, and at least as large as `value`.
fn end_of_axis(value: f64) -> f64 {
    let value = value.max(1.0);
    let power = 10.0_f64.powf(value.log10().floor());
    let ends = [1.0, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0].into_iter().map(|step| step * power);
    { ends }.find(|end| *end >= value * 0.999).unwrap_or(value)
}

/// Lays dots and lines out.
pub fn layout(dots: &[Dot], levels: &[Level]) -> Layout {
    let end = end_of_axis(dots.iter().map(|dot| dot.x).fold(1.0, f64::max));
    let right = |x: f64| LEFT + (SIZE.0 - LEFT - EDGE) * (x / end).clamp(0.0, 1.0);
    let up = |y: f64| EDGE + (SIZE.1 - BELOW - EDGE) * (1.0 - y.clamp(0.0, 1.0));
    let centres: Vec<(f64, f64)> = dots.iter().map(|dot| (right(dot.x), up(dot.y))).collect();
    let reach = RADIUS + 1.0;
    let mut taken: Vec<Taken> =
        centres.iter().map(|(x, y)| Taken(x - reach, y - reach, x + reach, y + reach)).collect();
    // Lines first: there are few of them. None of their names lies on a line, those of dots may.
    let line = |level: &Level| Taken(LEFT, up(level.y) - 0.5, SIZE.0, up(level.y) + 0.5);
    let lines: Vec<Taken> = levels.iter().map(line).collect();
    taken.extend(&lines);
    let levels = levels.iter().map(|level| {
        let y = up(level.y);
        let text = cut(&level.name);
        let far = SIZE.0 - EDGE - width(&text);
        let places = [y - 3.0, y + LINE - 2.0].into_iter().flat_map(|base| [(far, base), (LEFT + 3.0, base)]);
        (y, place(text, places, &mut taken, None))
    });
    let levels = levels.collect();
    taken.retain(|one| !lines.contains(one));
    let names = dots.iter().zip(&centres).map(|(dot, centre)| {
        let text = cut(&dot.name);
        let places = around(*centre, width(&text));
        place(text, places, &mut taken, Some(*centre))
    });
    let names: Vec<Option<Name>> = names.collect();
    Layout {
        across: [0.0, end / 2.0, end].map(|value| (value, right(value))).into(),
        upwards: [0.0, 0.5, 1.0].map(|value| (value, up(value))).into(),
        dots: centres.into_iter().zip(names).collect(),
        levels,
    }
}

/// Places for a name of this width around a dot, the nearest first.
fn around((x, y): (f64, f64), width: f64) -> impl Iterator<Item = (f64, f64)> {
    (0..RINGS).flat_map(move |ring| {
        TURNS.into_iter().map(move |turn| {
            let (down, right) = (f64::from(turn) * std::f64::consts::TAU / 16.0).sin_cos();
            let away = RADIUS + 2.0 + ring as f64 * RING;
            let middle = (x + (away + width / 2.0) * right, y + (away + LINE / 2.0) * down);
            (middle.0 - width / 2.0, middle.1 + LINE / 2.0 - 2.5)
        })
    })
}

/// Puts a name at the first of some places that is free, and takes it; `dot`: what a line leads to it
/// from.
fn place(
    text: String,
    places: impl Iterator<Item = (f64, f64)>,
    taken: &mut Vec<Taken>,
    dot: Option<(f64, f64)>,
) -> Option<Name> {
    let width = width(&text);
    let of = |(x, y): (f64, f64)| Taken(x, y - LINE + 3.0, x + width, y + 2.0);
    let free = |at: &(f64, f64)| of(*at).inside() && !taken.iter().any(|other| of(*at).meets(other));
    let (x, y) = { places }.find(free)?;
    let room = of((x, y));
    taken.push(room);
    let end = dot.map(|dot| (dot, room.nearest(dot)));
    let leader = end.filter(|(dot, end)| (end.0 - dot.0).hypot(end.1 - dot.1) > RADIUS + RING / 2.0);
    Some(Name { text, x, y, leader: leader.map(|(_, end)| end) })
}

/// A name that is short enough.
fn cut(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

/// About how wide a name is.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if u32::from(c) < 0x2e80 { LETTER } else { WIDE }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(count: usize) -> Vec<Dot> {
        let dot = |i: usize| Dot {
            name: format!("student {i}"),
            x: 15.0 + (i * 7 % 20) as f64,
            y: 0.45 + (i * 13 % 20) as f64 / 60.0,
        };
        (0..count).map(dot).collect()
    }

    fn box_of(name: &Name) -> Taken {
        Taken(name.x, name.y - LINE + 3.0, name.x + width(&name.text), name.y + 2.0)
    }

    #[test]
    fn an_axis_ends_at_a_round_number_above_every_value() {
        assert_eq!(
            [0.0, 7.0, 16.0, 24.0, 44.9, 61.0, 100.0].map(end_of_axis),
            [1.0, 8.0, 16.0, 30.0, 50.0, 80.0, 100.0]
        );
    }

    #[test]
    fn the_names_of_a_class_of_twenty_do_not_lie_over_each_other() {
        let levels = [("untrained", 0.1), ("simulated gaze", 0.72), ("true outlines", 0.75)]
            .map(|(name, y)| Level { name: name.into(), y });
        let layout = layout(&class(20), &levels);
        let names: Vec<Taken> = layout.dots.iter().filter_map(|(_, name)| name.as_ref()).map(box_of).collect();
        assert_eq!(names.len(), 20, "every dot has its name");
        let lines: Vec<Taken> = layout.levels.iter().filter_map(|(_, name)| name.as_ref()).map(box_of).collect();
        assert_eq!(lines.len(), 3);
        for (y, _) in &layout.levels {
            assert!(!lines.iter().any(|name| name.1 < *y && *y < name.3), "a line at {y} goes through {lines:?}");
        }
        let all: Vec<Taken> = names.into_iter().chain(lines).collect();
        for (place, one) in all.iter().enumerate() {
            assert!(one.inside(), "{one:?}");
            assert!(!all[..place].iter().any(|other| one.meets(other)), "{one:?}");
        }
        // A name away from its dot is led to, and one beside it is not.
        for ((x, y), name) in &layout.dots {
            let Some(name) = name else { continue };
            let (right, up) = box_of(name).nearest((*x, *y));
            assert_eq!(name.leader.is_some(), (right - x).hypot(up - y) > 8.0, "{name:?} {x} {y}");
        }
        let alone = super::layout(&class(1), &[]);
        assert!(alone.dots[0].1.as_ref().is_some_and(|name| name.leader.is_none()), "{alone:?}");
    }

    #[test]
    fn dots_stand_where_their_values_are() {
        let of = |x, y| layout(&[Dot { name: String::new(), x, y }, Dot { name: "b".into(), x: 50.0, y: 0.0 }], &[]);
        let ((left, top), _) = of(0.0, 1.0).dots[0];
        let ((right, bottom), name) = of(0.0, 1.0).dots[1].clone();
        assert_eq!((left, top, right, bottom), (LEFT, EDGE, SIZE.0 - EDGE, SIZE.1 - BELOW));
        assert!(name.is_some_and(|name| name.x < right), "at the right edge it stands to the left");
        let ((x, y), _) = of(25.0, 0.5).dots[0];
        assert!((x - (left + right) / 2.0).abs() < 1e-9 && (y - (top + bottom) / 2.0).abs() < 1e-9);
        assert_eq!(of(10.0, 0.5).across.last(), Some(&(50.0, right)));
        assert_eq!(layout(&[], &[]).upwards.len(), 3);
    }

    #[test]
    fn a_long_name_is_cut_and_wide_letters_count_as_wide() {
        assert_eq!(cut("a-name-that-is-long"), "a-name-that-i…");
        assert!(width("学生一二三") > width("abcde"));
    }
}
