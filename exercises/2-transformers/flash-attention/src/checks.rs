//! Judges answers: the reference, the learner's, a mutant.

mod bytes;
mod kernel;
mod parts;
mod tiles;

use bytes::*;
use kernel::*;
use parts::*;
use tiles::*;

grading::checks! {
    "Equal scores are counted" => equal_scores_are_counted {
        function: part, points: 1, section: "what-must-be-kept", hints: [
            "If all scores are the same, each weight exp(s − m) is 1. What is then l?",
            "l counts the keys, o adds up their values, m is the score, and nothing is divided.",
        ]
    }
    "A part sums weighted values" => part_sums_weighted_values {
        function: part, points: 2, section: "what-must-be-kept", hints: [
            "First all scores, then their highest, then weights, their sum, and that of the values.",
            "A score is a dot product over √d: d is the length of q.",
            "`k.chunks(d)` are the keys, `v.chunks(d_v)` the values.",
        ]
    }
    "High and low scores are no trouble" => part_takes_high_and_low_scores {
        function: part, points: 1, section: "what-must-be-kept", hints: [
            "exp(1000) is infinite as f32, and exp(−1000) is 0. What if all scores are like that?",
            "Subtract m from each score before exp. The search for m starts at −∞, not at 0.",
        ]
    }
    "A part of no keys is empty" => part_of_no_keys_is_empty {
        function: part, points: 1, section: "what-must-be-kept", hints: [
            "No keys: m is −∞, both sums are 0, and o has d_v numbers all the same.",
            "`Part::empty(d_v)` is a good place to start from.",
        ]
    }
    "A part refuses what does not fit" => part_refuses_what_does_not_fit {
        function: part, points: 1, section: "what-must-be-kept", hints: [
            "`Shape` knows all of this: make one with t_q of 1, and ask it before you compute.",
            "`Shape { t_q: 1, t_k: keys, d: q.len(), d_v }.of([q, k, v])?`",
        ]
    }
    "Drawn parts are those of the reference" => parts_agree {
        function: part, points: 1, section: "what-must-be-kept", hints: [
            "The failure shows the smallest input: how many keys, how wide, which scale?",
            "Nothing is rounded away: tiny values count as much as huge ones.",
        ]
    }
    "Two halves make the whole" => halves_make_the_whole {
        function: merge, points: 2, section: "two-parts-make-one", hints: [
            "Each part was summed with its own maximum. By what factor do the weights change?",
            "exp(s − a.m) · exp(a.m − m) = exp(s − m): multiply l and every number of o.",
        ]
    }
    "No keys change nothing" => no_keys_change_nothing {
        function: merge, points: 1, section: "two-parts-make-one", hints: [
            "exp(−∞ − m) is 0, which is just right. But what is −∞ − (−∞)?",
            "If the higher m is still −∞, return `Part::empty(a.o.len())`.",
        ]
    }
    "Any order gives the same" => any_order_gives_the_same {
        function: merge, points: 1, section: "two-parts-make-one", hints: [
            "Either of the two may have the higher maximum: both are multiplied by a factor.",
            "The factor of the one with the maximum is exp(0), so no case needs to be told apart.",
        ]
    }
    "Merge refuses other widths" => merge_refuses_other_widths {
        function: merge, points: 1, section: "two-parts-make-one", hints: [
            "`zip` ends silently with the shorter one: compare the lengths of `o` first.",
            "`FlashError::Columns { a: a.o.len(), b: b.o.len() }`, for empty parts, too.",
        ]
    }
    "Drawn merges are those of the reference" => merges_agree {
        function: merge, points: 1, section: "two-parts-make-one", hints: [
            "The failure shows both parts. Is one of them empty, or one m far below the other?",
        ]
    }
    "Every tile gives attention" => every_tile_gives_attention {
        function: flash, points: 3, section: "tile-by-tile", hints: [
            "For each block of queries: fetch it, then for each tile of keys, make a part for each \
             query and merge it with what the query knows.",
            "The last block and the last tile may be shorter: `keys.min(t_k - start)` keys.",
            "In the end each row is o / l: store the block's rows one behind the other.",
        ]
    }
    "The future is hidden" => flash_hides_the_future {
        function: flash, points: 2, section: "tile-by-tile", hints: [
            "`shape.seen(i, causal)` tells how many keys query i sees, counted through the text.",
            "Of a tile that begins at `start` it sees `seen.saturating_sub(start).min(len)` keys.",
        ]
    }
    "Queries without keys get zeros" => queries_without_keys_get_zeros {
        function: flash, points: 1, section: "tile-by-tile", hints: [
            "With l of 0, o / l is 0 / 0, which is NaN.",
            "A block of which no query sees anything still stores its rows: zeros.",
        ]
    }
    "High and low scores in every tile" => flash_takes_high_and_low_scores {
        function: flash, points: 1, section: "tile-by-tile", hints: [
            "The highest score may come in the first tile or in the last: who shrinks then?",
            "Leave it to `merge`, and divide by l only once, at the end.",
        ]
    }
    "What is moved is counted" => moves_are_counted {
        function: flash, points: 2, section: "tile-by-tile", hints: [
            "`hbm` has written down what you fetched. Which loop is outside: that of the queries?",
            "Fetch a tile once for the whole block, not once a query, and store each row once.",
            "If it is causal, the last query of a block sees the most: no tile behind that.",
        ]
    }
    "Tiles of nothing are refused" => flash_refuses_tiles_of_nothing {
        function: flash, points: 1, section: "tile-by-tile", hints: [
            "`step_by(0)` panics: look at both sides of the tile first.",
            "`FlashError::NoTile { queries, keys }`, even if there is nothing to do.",
        ]
    }
    "Drawn heads are those of the reference" => flash_agrees {
        function: flash, points: 1, section: "tile-by-tile", hints: [
            "The failure shows the smallest input. Is a side of the tile larger than all there is?",
            "Nothing is kept from call to call, and no value is too small to count.",
        ]
    }
    "Three kernels move the scores" => three_kernels_move_the_scores {
        function: unfused_bytes, points: 1, section: "what-is-moved", hints: [
            "How often are t_q · t_k numbers written, and how often are they read again?",
            "Four times in all. To these come q, k, v and the result once each.",
        ]
    }
    "Sizes that are refused" => unfused_refuses_other_sizes {
        function: unfused_bytes, points: 1, section: "what-is-moved", hints: [
            "`shape.checked()?` says what is wrong, or gives the shape back.",
        ]
    }
    "Drawn bytes are those of the reference" => unfused_bytes_agree {
        function: unfused_bytes, points: 1, section: "what-is-moved", hints: [
            "The failure shows the shape. Is a product larger than 32 bits hold?",
            "Make u64 of the sizes before you multiply.",
        ]
    }
    "Every block reads all keys" => every_block_reads_all_keys {
        function: flash_bytes, points: 2, section: "what-is-moved", hints: [
            "Queries are read once and results written once. How often are the keys read?",
            "Once a block: t_q / tile.queries times, if the blocks are whole.",
        ]
    }
    "Short tiles move less" => short_tiles_move_less {
        function: flash_bytes, points: 1, section: "what-is-moved", hints: [
            "The number of blocks is rounded up. Does a short block read fewer keys?",
            "The last tile has only the keys that are left: never more than t_k in all.",
        ]
    }
    "Unseen tiles are not moved" => unseen_tiles_are_not_moved {
        function: flash_bytes, points: 2, section: "what-is-moved", hints: [
            "Which query of a block sees the most keys? How many tiles hold these?",
            "`shape.seen(last, causal).next_multiple_of(keys)` keys, but at most t_k.",
        ]
    }
    "Other sizes are refused" => bytes_refuse_other_sizes {
        function: flash_bytes, points: 1, section: "what-is-moved", hints: [
            "First the tile, then the shape: `NoTile`, or what `shape.checked()?` says.",
        ]
    }
    "Drawn traffic is that of the reference" => flash_bytes_agree {
        function: flash_bytes, points: 1, section: "what-is-moved", hints: [
            "The failure shows the sizes. Is a tile larger than the text, or a product too large?",
            "A short last block reads whole tiles, too; and sums belong into a u64.",
        ]
    }
    "Every thread does only what it should" => kernel_is_right_thread_by_thread {
        kernel: flash_attention_wgsl, points: 3, section: "the-kernel", hints: [
            "Two barriers a tile: one before it is used, one before it is overwritten.",
            "A thread without a query helps to fetch, and comes to every barrier.",
            "How many tiles there are depends on the block, not on the thread.",
        ]
    }
    "The kernel attends" => kernel_attends {
        kernel: flash_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "A score is the sum of `dot(query[f], tile_k[j * FOURS + f])` over all fours, over √d.",
            "d and d_v may differ, and so may the number of their fours.",
        ]
    }
    "Tiles are joined" => kernel_joins_tiles {
        kernel: flash_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "When a tile has a higher score than all before it, what of m, l and o must change?",
            "`let shrink = exp(m - highest);` then `m = highest;` and both l and o times shrink.",
            "The last tile may be shorter: of what lies behind it, nothing counts.",
        ]
    }
    "Rows are kept apart" => kernel_keeps_rows_apart {
        kernel: flash_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "Query i of a row is `row * sizes.t_q + i` through all rows. And key j?",
            "A block may be the last of its row, and then not all of its threads have a query.",
        ]
    }
    "The kernel hides the future" => kernel_hides_the_future {
        kernel: flash_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "Each query of the block sees another number of keys; the tiles are the same for all.",
            "`min(keys, seen - min(seen, start))` keys of this tile.",
            "`seen_by`: first add, then subtract no more than there is.",
        ]
    }
    "The kernel takes high and low scores" => kernel_is_stable {
        kernel: flash_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "Every exponent is a score minus the highest so far: never above 0.",
            "m starts at LOWEST; 0 would be higher than all scores of some rows.",
        ]
    }
    "The kernel stays inside" => kernel_stays_inside {
        kernel: flash_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "Without keys l is 0: choose the 0 with `select` before anything is divided by it.",
            "A thread whose i is not below t_q writes nothing.",
        ]
    }
    "Keys are read once a block" => kernel_reads_are_counted {
        kernel: flash_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The reads of all threads were counted. Who reads `k` or `v` besides the fetching loops?",
            "All threads fetch together: `for (var at = thread; at < keys * fours; at += THREADS)`.",
            "No tile is fetched that no query of the block sees, and none twice.",
        ]
    }
    "The kernel agrees on drawn heads" => kernel_agrees {
        kernel: flash_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "The failure shows the sizes. Is one of them just above a multiple of 4, 16 or 64?",
        ]
    }
}
