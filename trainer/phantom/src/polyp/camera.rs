//! The endoscope's eye: a wide-angle projection and its pose, and where a ray meets the scene.

use super::super::math::{V3, cos, sin, smooth_min, v3};
use super::super::random::Draws;
use super::colon::{Colon, DEPTH, STEP};
use super::lesion::Lesion;

/// Everything a ray can meet.
pub(super) struct Scene {
    pub(super) colon: Colon,
    pub(super) lesion: Lesion,
}

impl Scene {
    /// The distance from `p` to the nearest surface.
    pub(super) fn distance(&self, p: V3) -> f32 {
        let wall = self.colon.distance(p);
        let (middle, reach) = self.lesion.bounds();
        let away = (p - middle).length() - reach;
        let blend = self.lesion.blend();
        if away > blend {
            return wall.min(away);
        }
        smooth_min(wall, self.lesion.distance(p), blend).0
    }

    /// How open the surroundings of a surface point are, 0 in clefts and 1 in the open: the free
    /// space a little above it.
    pub(super) fn openness(&self, p: V3, normal: V3) -> f32 {
        let (middle, reach) = self.lesion.bounds();
        let by_lesion = (p - middle).length() < reach + 0.44;
        let free = |above: f32| {
            let q = p + normal * above;
            let wall = self.colon.distance(q);
            (if by_lesion { wall.min(self.lesion.distance(q)) } else { wall }) / above
        };
        (0.5 * free(0.06) + 0.5 * free(0.22)).clamp(0.0, 1.0)
    }

    /// Whether the surface at `p` is the polyp's, which decides the mask: there the polyp is nearer than the bare wall.
    /// Also the share of the polyp in the blend of the two surfaces, for colours.
    pub(super) fn lesion_at(&self, p: V3) -> (bool, f32) {
        let (middle, reach) = self.lesion.bounds();
        if (p - middle).length() > reach + self.lesion.blend() {
            return (false, 0.0);
        }
        let (wall, lesion) = (self.colon.distance(p), self.lesion.distance(p));
        (lesion < wall, smooth_min(wall, lesion, self.lesion.blend()).1)
    }

    /// Whether a ray passes through the ball about the polyp.
    pub(super) fn may_meet_lesion(&self, eye: V3, ray: V3) -> bool {
        let (middle, reach) = self.lesion.bounds();
        let to = middle - eye;
        let across = to - ray * to.dot(ray);
        across.length() < reach + self.lesion.blend()
    }
}

/// The direction in which a distance field grows, off the surface into the lumen.
pub(super) fn normal(distance: impl Fn(V3) -> f32, p: V3, step: f32) -> V3 {
    // Four corners of a tetrahedron: two evaluations less than differences on three axes.
    let corners = [v3(1.0, -1.0, -1.0), v3(-1.0, -1.0, 1.0), v3(-1.0, 1.0, -1.0), v3(1.0, 1.0, 1.0)];
    corners.iter().fold(V3::default(), |n, c| n + *c * distance(p + *c * step)).unit()
}

/// How far a ray goes from `from` on until it meets a surface, or `None` when it is lost in the dark. With `cone`
/// above 0 it stops where a cone of that slope about the ray first touches.
pub(super) fn march(distance: impl Fn(V3) -> f32, eye: V3, ray: V3, from: f32, cone: f32) -> Option<f32> {
    let mut t = from;
    for _ in 0..90 {
        let p = eye + ray * t;
        if p.z > DEPTH {
            return None;
        }
        let d = distance(p) - cone * t;
        if cone > 0.0 && d < 0.0012 * t || d.abs() < 0.0014 * t {
            break;
        }
        // A step that ended inside a surface is taken back.
        t = (t + d * STEP).max(0.02);
    }
    Some(t)
}

/// Where the endoscope is, where it looks, and how wide.
pub(super) struct Camera {
    pub(super) eye: V3,
    forward: V3,
    right: V3,
    down: V3,
    /// Angle from the middle of the frame to its corner, in radians.
    pub(super) half_angle: f32,
    pub(super) light: V3,
}

impl Camera {
    /// A pose inside `colon`.
    pub(super) fn draw(draws: &mut Draws, colon: &Colon) -> Self {
        let (a, off) = (draws.angle(), draws.range(0.0, 0.5));
        let eye = colon.axis(0.0) + v3(cos(a) * off, sin(a) * off, 0.0);
        // From straight down the lumen to nearly square at the wall.
        let (turn, tilt) = (draws.angle(), draws.range(0.1, 1.3));
        let forward = v3(sin(tilt) * cos(turn), sin(tilt) * sin(turn), cos(tilt)).unit();
        let roll = draws.angle();
        let (t, b) = forward.tangents();
        let right = t * cos(roll) + b * sin(roll);
        let down = forward.cross(right);
        let beside = draws.angle();
        let light = eye + (right * cos(beside) + down * sin(beside)) * draws.range(0.03, 0.12);
        Self { eye, forward, right, down, half_angle: draws.range(0.95, 1.2), light }
    }

    /// The direction through a point of the frame: (0, 0) its middle, length 1 its corner. The angle grows in
    /// proportion to the distance from the middle, as in the wide lenses of endoscopes.
    pub(super) fn ray(&self, u: f32, v: f32) -> V3 {
        let r = (u * u + v * v).sqrt();
        let angle = r * self.half_angle;
        let k = if r > 1e-5 { sin(angle) / r } else { self.half_angle };
        (self.forward * cos(angle) + self.right * (u * k) + self.down * (v * k)).unit()
    }
}
