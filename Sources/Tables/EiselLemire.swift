// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

/// The rounding of Eisel and Lemire: a mantissa times a negative power of ten with two products.
///
/// Daniel Lemire, Number Parsing at a Gigabyte per Second, Software: Practice and Experience 51
/// (2021); the proof that no case is left open is Mushtak and Lemire, Fast Number Parsing Without
/// Fallback (2023).
enum EiselLemire {
  /// The powers of ten that the table holds.
  static let exponents = -40...0

  /// The double nearest to `mantissa · 10^exponent`, ties to even.
  ///
  /// All results in the range of the exponents are normal numbers or zero.
  static func double(_ mantissa: UInt64, _ exponent: Int) -> Double {
    guard mantissa != 0, exponents.contains(exponent) else { return 0 }
    let shift = mantissa.leadingZeroBitCount
    let normal = mantissa << UInt64(shift)
    let row = (exponent + 40) * 2
    var (high, low) = normal.multipliedFullWidth(by: powers[row])
    if high & 0x1FF == 0x1FF {
      let more = normal.multipliedFullWidth(by: powers[row + 1])
      low = low &+ more.high
      if more.high > low { high &+= 1 }
    }
    let upper = Int(high >> 63)
    var bits = high >> UInt64(upper + 9)
    var power = ((217706 * exponent) >> 16) + 63 + upper - shift + 1023
    // A tie goes to even; only these exponents have ties.
    if low <= 1, exponent >= -4, bits & 3 == 1, bits << UInt64(upper + 9) == high { bits &= ~1 }
    bits = (bits + (bits & 1)) >> 1
    if bits >= 1 << 53 {
      bits = 1 << 52
      power += 1
    }
    return Double(bitPattern: (bits & ~(1 << 52)) | UInt64(power) << 52)
  }

  /// The first 128 bits of 10^-40 to 10^0, high and low half, rounded up.
  private static let powers: [82 of UInt64] = [
    0x8b61_313b_babc_e2c6, 0x2323_ac4b_3b3d_a015,
    0xae39_7d8a_a96c_1b77, 0xabec_975e_0a0d_081a,
    0xd9c7_dced_53c7_2255, 0x96e7_bd35_8c90_4a21,
    0x881c_ea14_545c_7575, 0x7e50_d641_77da_2e54,
    0xaa24_2499_6973_92d2, 0xdde5_0bd1_d5d0_b9e9,
    0xd4ad_2dbf_c3d0_7787, 0x955e_4ec6_4b44_e864,
    0x84ec_3c97_da62_4ab4, 0xbd5a_f13b_ef0b_113e,
    0xa627_4bbd_d0fa_dd61, 0xecb1_ad8a_eacd_d58e,
    0xcfb1_1ead_4539_94ba, 0x67de_18ed_a581_4af2,
    0x81ce_b32c_4b43_fcf4, 0x80ea_cf94_8770_ced7,
    0xa242_5ff7_5e14_fc31, 0xa125_8379_a94d_028d,
    0xcad2_f7f5_359a_3b3e, 0x096e_e458_13a0_4330,
    0xfd87_b5f2_8300_ca0d, 0x8bca_9d6e_1888_53fc,
    0x9e74_d1b7_91e0_7e48, 0x775e_a264_cf55_347e,
    0xc612_0625_7658_9dda, 0x9536_4afe_032a_819e,
    0xf796_87ae_d3ee_c551, 0x3a83_ddbd_83f5_2205,
    0x9abe_14cd_4475_3b52, 0xc492_6a96_7279_3543,
    0xc16d_9a00_9592_8a27, 0x75b7_053c_0f17_8294,
    0xf1c9_0080_baf7_2cb1, 0x5324_c68b_12dd_6339,
    0x971d_a050_74da_7bee, 0xd3f6_fc16_ebca_5e04,
    0xbce5_0864_9211_1aea, 0x88f4_bb1c_a6bc_f585,
    0xec1e_4a7d_b695_61a5, 0x2b31_e9e3_d06c_32e6,
    0x9392_ee8e_921d_5d07, 0x3aff_322e_6243_9fd0,
    0xb877_aa32_36a4_b449, 0x09be_feb9_fad4_87c3,
    0xe695_94be_c44d_e15b, 0x4c2e_be68_7989_a9b4,
    0x901d_7cf7_3ab0_acd9, 0x0f9d_3701_4bf6_0a11,
    0xb424_dc35_095c_d80f, 0x5384_84c1_9ef3_8c95,
    0xe12e_1342_4bb4_0e13, 0x2865_a5f2_06b0_6fba,
    0x8cbc_cc09_6f50_88cb, 0xf93f_87b7_442e_45d4,
    0xafeb_ff0b_cb24_aafe, 0xf78f_69a5_1539_d749,
    0xdbe6_fece_bded_d5be, 0xb573_440e_5a88_4d1c,
    0x8970_5f41_36b4_a597, 0x3168_0a88_f895_3031,
    0xabcc_7711_8461_cefc, 0xfdc2_0d2b_36ba_7c3e,
    0xd6bf_94d5_e57a_42bc, 0x3d32_9076_0469_1b4d,
    0x8637_bd05_af6c_69b5, 0xa63f_9a49_c2c1_b110,
    0xa7c5_ac47_1b47_8423, 0x0fcf_80dc_3372_1d54,
    0xd1b7_1758_e219_652b, 0xd3c3_6113_404e_a4a9,
    0x8312_6e97_8d4f_df3b, 0x645a_1cac_0831_26ea,
    0xa3d7_0a3d_70a3_d70a, 0x3d70_a3d7_0a3d_70a4,
    0xcccc_cccc_cccc_cccc, 0xcccc_cccc_cccc_cccd,
    0x8000_0000_0000_0000, 0x0000_0000_0000_0000,
  ]
}
