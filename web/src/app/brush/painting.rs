//! A mask that is painted on. Plain data; places are fractions of the image.

use fovea_shared::plane::Mask;

/// What the pointer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// What is enclosed by the line becomes inside.
    #[default]
    Outline,
    /// What it touches becomes inside.
    Brush,
    /// What it touches becomes outside.
    Eraser,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Outline, Self::Brush, Self::Eraser];

    /// Its name in `index.html`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Brush => "brush",
            Self::Eraser => "eraser",
        }
    }
}

/// Steps that can be undone.
const STEPS: usize = 30;

/// The mask and how it came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Painting {
    mask: Mask,
    former: Vec<Mask>,
    /// What the pointer does.
    pub tool: Tool,
    /// Radius of brush and eraser, in fractions of the smaller side.
    pub radius: f32,
    /// Places of the stroke that is being made.
    stroke: Vec<(f32, f32)>,
}

impl Painting {
    /// On a mask.
    pub fn on(mask: Mask, tool: Tool) -> Self {
        Self { mask, former: Vec::new(), tool, radius: 0.03, stroke: Vec::new() }
    }

    /// The mask.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// Places of the outline that is being drawn.
    pub fn line(&self) -> &[(f32, f32)] {
        if self.tool == Tool::Outline { &self.stroke } else { &[] }
    }

    /// Whether a stroke is being made.
    pub fn painting(&self) -> bool {
        !self.stroke.is_empty()
    }

    /// A stroke begins.
    pub fn begin(&mut self, at: (f32, f32)) {
        if self.former.len() >= STEPS {
            self.former.remove(0);
        }
        self.former.push(self.mask.clone());
        self.stroke = vec![at];
        self.dab(at);
    }

    /// It goes on.
    pub fn go_on(&mut self, to: (f32, f32)) {
        let Some(from) = self.stroke.last().copied() else { return };
        self.stroke.push(to);
        if self.tool == Tool::Outline {
            return;
        }
        let pixels = ((to.0 - from.0) * self.mask.width as f32).hypot((to.1 - from.1) * self.mask.height as f32);
        let steps = (pixels / (self.radius_pixels() * 0.4).max(1.0)).ceil().max(1.0) as usize;
        for step in 1..=steps {
            let part = step as f32 / steps as f32;
            self.dab((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
        }
    }

    /// It ends. An outline is closed and filled.
    pub fn end(&mut self) {
        let line = std::mem::take(&mut self.stroke);
        if self.tool == Tool::Outline && !line.is_empty() {
            let before = self.mask.area();
            self.fill(&line);
            if self.mask.area() == before {
                self.former.pop();
            }
        }
    }

    /// A stroke at one place.
    pub fn dot(&mut self, at: (f32, f32)) {
        self.begin(at);
        self.end();
    }

    /// It is given up.
    pub fn cancel(&mut self) {
        if self.painting() {
            self.stroke.clear();
            self.undo();
        }
    }

    /// Takes the last stroke back.
    pub fn undo(&mut self) -> bool {
        self.stroke.clear();
        let former = self.former.pop();
        let can = former.is_some();
        self.mask = former.unwrap_or_else(|| self.mask.clone());
        can
    }

    /// Whether a stroke can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.former.is_empty()
    }

    fn radius_pixels(&self) -> f32 {
        (self.radius * self.mask.width.min(self.mask.height) as f32).max(0.75)
    }

    fn dab(&mut self, at: (f32, f32)) {
        if self.tool == Tool::Outline {
            return;
        }
        let radius = self.radius_pixels();
        let (x, y) = (at.0 * self.mask.width as f32, at.1 * self.mask.height as f32);
        let rows =
            ((y - radius).floor().max(0.0) as usize)..((y + radius).ceil().max(0.0) as usize).min(self.mask.height);
        for row in rows {
            let far = row as f32 + 0.5 - y;
            let half = radius * radius - far * far;
            if half <= 0.0 {
                continue;
            }
            let column = |x: f32| ((x + 0.5).floor().max(0.0) as usize).min(self.mask.width);
            let (from, to) = (column(x - half.sqrt()), column(x + half.sqrt()));
            let start = row * self.mask.width;
            self.mask.data[start + from..start + to.max(from)].fill(self.tool == Tool::Brush);
        }
    }

    /// Makes what a closed line encloses inside (even-odd).
    fn fill(&mut self, line: &[(f32, f32)]) {
        let (width, height) = (self.mask.width as f32, self.mask.height as f32);
        for row in 0..self.mask.height {
            let y = row as f32 + 0.5;
            let mut crossings = Vec::new();
            for (place, from) in line.iter().enumerate() {
                let to = line[(place + 1) % line.len()];
                let ((ax, ay), (bx, by)) = ((from.0 * width, from.1 * height), (to.0 * width, to.1 * height));
                if (ay <= y) != (by <= y) {
                    crossings.push(ax + (bx - ax) * (y - ay) / (by - ay));
                }
            }
            crossings.sort_by(f32::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let column = |x: f32| ((x + 0.5).floor().max(0.0) as usize).min(self.mask.width);
                let (from, to) = (column(pair[0]), column(pair[1]));
                self.mask.data[row * self.mask.width + from..row * self.mask.width + to.max(from)].fill(true);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Mask {
        Mask::empty(100, 80)
    }

    #[test]
    fn a_closed_line_is_filled_and_can_be_taken_back() {
        let mut painting = Painting::on(empty(), Tool::Outline);
        painting.begin((0.2, 0.25));
        for at in [(0.6, 0.25), (0.6, 0.75), (0.2, 0.75)] {
            painting.go_on(at);
        }
        assert!(painting.painting() && painting.line().len() == 4);
        painting.end();
        assert_eq!(painting.mask().area(), 40 * 40);
        assert!(painting.mask().at(40, 40) && !painting.mask().at(70, 40));
        painting.tool = Tool::Eraser;
        painting.dot((0.4, 0.5));
        assert!(!painting.mask().at(40, 40) && painting.mask().area() < 40 * 40);
        assert!(painting.undo() && painting.undo() && !painting.undo() && !painting.can_undo());
        assert_eq!(painting.mask(), &empty());
    }

    #[test]
    fn a_stroke_leaves_no_gaps_and_stays_on_the_picture() {
        let mut painting = Painting::on(empty(), Tool::Brush);
        painting.begin((-0.5, 0.5));
        painting.go_on((1.5, 0.5));
        painting.end();
        assert!((0..100).all(|x| painting.mask().at(x, 40)), "from edge to edge");
        assert!(!painting.mask().at(50, 10));
        let area = painting.mask().area();
        painting.begin((0.5, 0.1));
        painting.cancel();
        assert_eq!((painting.mask().area(), painting.can_undo()), (area, true));
    }

    #[test]
    fn a_line_that_encloses_nothing_is_no_step() {
        let mut painting = Painting::on(empty(), Tool::Outline);
        painting.dot((0.5, 0.5));
        assert!(!painting.can_undo() && painting.mask().is_empty());
        painting.cancel();
        assert!(!painting.can_undo());
    }

    #[test]
    fn steps_are_bounded() {
        let mut painting = Painting::on(empty(), Tool::Brush);
        for i in 0..50 {
            painting.dot((i as f32 / 50.0, 0.5));
        }
        assert_eq!((0..50).filter(|_| painting.undo()).count(), STEPS);
    }
}
