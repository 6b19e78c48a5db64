//! Every number that ranking and packing depend on, in one place, so that a benchmark can vary
//! each by its name and an ablation can switch it off.

macro_rules! weights {
    ($($(#[$doc:meta])* $name:ident = $value:expr,)*) => {
        /// The numbers of the ranking; the defaults are what `ctx search` uses.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(missing_docs, reason = "the groups below say what they weigh")]
        pub struct Weights { $($(#[$doc])* pub $name: f32,)* }

        impl Default for Weights {
            fn default() -> Self { Weights { $($name: $value,)* } }
        }

        impl Weights {
            /// The names of all weights.
            pub const NAMES: &[&str] = &[$(stringify!($name),)*];

            /// The weight with this name.
            pub fn by_name(&mut self, name: &str) -> Option<&mut f32> {
                match name { $(stringify!($name) => Some(&mut self.$name),)* _ => None }
            }
        }
    };
}

weights! {
    // Query.
    q_title = 2.0, q_code = 1.3, q_fence = 1.35, q_trace = 0.5, q_boiler = 0.2, q_k3 = 2.0,
    q_joined = 0.75, q_short = 0.3, q_kebab = 1.0,
    // Fields at symbol level.
    u_name = 3.0, u_container = 1.2, u_signature = 1.2, u_doc = 0.8, u_body = 1.0, u_path = 2.25,
    u_k1 = 1.4, u_b = 0.5,
    // Fields at file level.
    f_path = 4.0, f_name = 2.0, f_text = 1.0, f_k1 = 2.1, f_b = 0.75,
    // Combination.
    mix_unit = 1.0, mix_file = 0.53, mix_size = 0.13, file_best = 1.0, file_rest = 0.15,
    // Mentions.
    m_exact = 0.33, m_path = 0.8, m_line = 1.0, m_phrase = 0.5, m_qualified = 0.3, m_triple = 1.0, m_phrase_k = 3.0,
    // One hop.
    hop_callee = 0.1, hop_caller = 0.11, hop_test = 0.12,
    // History.
    c_share = 0.25, c_most = 3.0,
    // Roles.
    r_test = 0.15, r_docs = 0.3, r_config = 0.3, r_example = 0.4, r_vendored = 0.1, r_generated = 0.1,
    r_value = 0.9, r_residual = 0.5, r_type = 0.67, r_module = 0.6, r_bodyless = 0.75, r_member = 0.3,
    // Packing.
    p_gamma = 4.5, p_file_gamma = 4.5, p_region = 1.0, p_path = 0.33, p_power = 0.85, p_pad = 5.0,
    p_window = 24.0, p_whole = 54.0, p_cover = 0.33, n_gamma = 3.75, n_rank = 12.0, n_alpha = 0.2, p_rank = 12.0, p_alpha = 1.12, p_again = 0.27, p_file_rank = 20.0, p_file_alpha = 0.3,
}
