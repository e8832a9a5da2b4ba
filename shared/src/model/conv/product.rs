//! A matrix product that checks its arguments, from the crate that burn's CPU backend is made of.

use gemm::Parallelism;

/// From this number of multiplications on, a product is shared among threads; as burn's CPU backend has it.
const WORTH_SHARING: usize = 192 * 192 * 192;

/// How a large product is shared: among the threads that the backend uses anyway, and in a browser not at all.
#[cfg(not(target_arch = "wasm32"))]
const SHARED: Parallelism = Parallelism::Rayon(0);
#[cfg(target_arch = "wasm32")]
const SHARED: Parallelism = Parallelism::None;

/// A matrix in a slice: the value at (r, c) is `data[r * row + c * column]`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub(super) data: &'a [f32],
    pub(super) row: usize,
    pub(super) column: usize,
}

/// `target = left * right`, or `target += left * right` where `add`; `left` is `[rows, inner]`,
/// `right` is `[inner, columns]`, and the rows of `target` begin `row` values apart.
pub(super) fn multiply(
    [rows, columns, inner]: [usize; 3],
    target: (&mut [f32], usize),
    add: bool,
    left: Matrix<'_>,
    right: Matrix<'_>,
) {
    let (target, row) = target;
    if rows == 0 || columns == 0 || inner == 0 {
        return;
    }
    let last = |a: usize, row: usize, b: usize, column: usize| (a - 1) * row + (b - 1) * column;
    assert!(row >= columns && last(rows, row, columns, 1) < target.len(), "the target is too small");
    assert!(last(rows, left.row, inner, left.column) < left.data.len(), "the left matrix is too small");
    assert!(last(inner, right.row, columns, right.column) < right.data.len(), "the right matrix is too small");
    let many = rows.saturating_mul(columns).saturating_mul(inner) >= WORTH_SHARING;
    let parallelism = if many { SHARED } else { Parallelism::None };
    // SAFETY: the asserts above say that every place that is read or written lies within its slice,
    // and the rows of `target` do not overlap; `target` is borrowed exclusively.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            target.as_mut_ptr(),
            1,
            row as isize,
            add,
            left.data.as_ptr(),
            left.column as isize,
            left.row as isize,
            right.data.as_ptr(),
            right.column as isize,
            right.row as isize,
            1.0_f32,
            1.0_f32,
            false,
            false,
            false,
            parallelism,
        );
    }
}
