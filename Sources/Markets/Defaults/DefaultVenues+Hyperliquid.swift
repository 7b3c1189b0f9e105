// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

extension DefaultVenues {
  /// Hyperliquid: every margin table and every asset that was listed.
  static let hyperliquid = #"""
    # Hyperliquid perpetuals: maintenance rate = 1 / (2 x maximum leverage) of the tier, made
    # continuous by deductions; an account falls strictly below its maintenance margin.
    # Sources:
    #   docs    dzmbs/hyperliquid-docs 24c1248c (2026-08-22), mirror of the venue's documentation:
    #           trading/margin-tiers, trading/liquidations; verified
    #   answer  Hyperliquid metaAndAssetCtxs, 2026-03-10 (about), the venue's public answer as kept
    #           in Agentic-Sciences/crypto-research cb7f68d2; verified as to that date
    # Where the two differ the docs win: they are younger. The answer lists MKR as delisted, the
    # docs give it tiers. A position keeps the leverage it was opened with: the book's column
    # max_leverage.
    [venues.hyperliquid]
    kind = "perp_tiered"
    liquidates_at_equality = false        # docs, 2026-08: "below" the margin; verified
    close_factor = 1.0                    # docs, 2026-08: after the first order all; verified
    partial_share = 0.2                   # docs, 2026-08: first order of a large one; verified
    partial_above_usd = 100_000           # docs, 2026-08; verified
    liquidation = "market"
    penalty = 0.0                         # docs, 2026-08: no clearance fee; verified
    # docs trading/funding, 2026-08: every hour, at most 4 % of it; verified.
    funding = { interval_s = 3600, cap = 0.04 }

    # Tiers: docs trading/margin-tiers, 2026-08; verified.
    [venues.hyperliquid.margin_tables.BTC]
    tiers = [
      { lower_usd = 0, max_leverage = 40 },
      { lower_usd = 150_000_000, max_leverage = 20 },
    ]
    [venues.hyperliquid.margin_tables.ETH]
    tiers = [
      { lower_usd = 0, max_leverage = 25 },
      { lower_usd = 100_000_000, max_leverage = 15 },
    ]
    [venues.hyperliquid.margin_tables.SOL]
    tiers = [
      { lower_usd = 0, max_leverage = 20 },
      { lower_usd = 70_000_000, max_leverage = 10 },
    ]
    [venues.hyperliquid.margin_tables.XRP]
    tiers = [
      { lower_usd = 0, max_leverage = 20 },
      { lower_usd = 40_000_000, max_leverage = 10 },
    ]
    [venues.hyperliquid.margin_tables.tier_20M_10_5]
    tiers = [
      { lower_usd = 0, max_leverage = 10 },
      { lower_usd = 20_000_000, max_leverage = 5 },
    ]
    [venues.hyperliquid.margin_tables.tier_3M_10_5]
    tiers = [
      { lower_usd = 0, max_leverage = 10 },
      { lower_usd = 3_000_000, max_leverage = 5 },
    ]
    [venues.hyperliquid.assets]
    # Assets with tables: docs trading/margin-tiers, 2026-08; verified.
    BTC = { margin_table = "BTC" }
    ETH = { margin_table = "ETH" }
    SOL = { margin_table = "SOL" }
    XRP = { margin_table = "XRP" }
    AAVE = { margin_table = "tier_20M_10_5" }
    ADA = { margin_table = "tier_20M_10_5" }
    APT = { margin_table = "tier_20M_10_5" }
    AVAX = { margin_table = "tier_20M_10_5" }
    BCH = { margin_table = "tier_20M_10_5" }
    CRV = { margin_table = "tier_20M_10_5" }
    DOGE = { margin_table = "tier_20M_10_5" }
    ENA = { margin_table = "tier_20M_10_5" }
    FARTCOIN = { margin_table = "tier_20M_10_5" }
    HYPE = { margin_table = "tier_20M_10_5" }
    kBONK = { margin_table = "tier_20M_10_5" }
    kPEPE = { margin_table = "tier_20M_10_5" }
    LINK = { margin_table = "tier_20M_10_5" }
    LTC = { margin_table = "tier_20M_10_5" }
    NEAR = { margin_table = "tier_20M_10_5" }
    PUMP = { margin_table = "tier_20M_10_5" }
    SUI = { margin_table = "tier_20M_10_5" }
    TRUMP = { margin_table = "tier_20M_10_5" }
    UNI = { margin_table = "tier_20M_10_5" }
    WLD = { margin_table = "tier_20M_10_5" }
    ZEC = { margin_table = "tier_20M_10_5" }
    ARB = { margin_table = "tier_3M_10_5" }
    BNB = { margin_table = "tier_3M_10_5" }
    DOT = { margin_table = "tier_3M_10_5" }
    JUP = { margin_table = "tier_3M_10_5" }
    kSHIB = { margin_table = "tier_3M_10_5" }
    MKR = { margin_table = "tier_3M_10_5" }
    ONDO = { margin_table = "tier_3M_10_5" }
    PAXG = { margin_table = "tier_3M_10_5" }
    TON = { margin_table = "tier_3M_10_5" }
    TRX = { margin_table = "tier_3M_10_5" }
    XPL = { margin_table = "tier_3M_10_5" }
    # Assets with tables in the answer of 2026-03-10 which the docs of 2026-08 no longer name (one
    # tier then, of a leverage that they do not say): the answer's tables; unverified as to today.
    TIA = { margin_table = "tier_20M_10_5" }
    INJ = { margin_table = "tier_3M_10_5" }
    LDO = { margin_table = "tier_3M_10_5" }
    OP = { margin_table = "tier_3M_10_5" }
    SEI = { margin_table = "tier_3M_10_5" }
    # One tier of 5x: Hyperliquid metaAndAssetCtxs, 2026-03-10; verified as to that date.
    ALGO = { max_leverage = 5 }
    APE = { max_leverage = 5 }
    AR = { max_leverage = 5 }
    ASTER = { max_leverage = 5 }
    ATOM = { max_leverage = 5 }
    AVNT = { max_leverage = 5 }
    AXS = { max_leverage = 5 }
    BERA = { max_leverage = 5 }
    CFX = { max_leverage = 5 }
    COMP = { max_leverage = 5 }
    DASH = { max_leverage = 5 }
    DYDX = { max_leverage = 5 }
    EIGEN = { max_leverage = 5 }
    ENS = { max_leverage = 5 }
    ETC = { max_leverage = 5 }
    ETHFI = { max_leverage = 5 }
    FET = { max_leverage = 5 }
    FIL = { max_leverage = 5 }
    HBAR = { max_leverage = 5 }
    ICP = { max_leverage = 5 }
    IMX = { max_leverage = 5 }
    JTO = { max_leverage = 5 }
    KAITO = { max_leverage = 5 }
    kFLOKI = { max_leverage = 5 }
    LIT = { max_leverage = 5 }
    MNT = { max_leverage = 5 }
    MON = { max_leverage = 5 }
    MORPHO = { max_leverage = 5 }
    NEO = { max_leverage = 5 }
    PENDLE = { max_leverage = 5 }
    PENGU = { max_leverage = 5 }
    POL = { max_leverage = 5 }
    PYTH = { max_leverage = 5 }
    RENDER = { max_leverage = 5 }
    RUNE = { max_leverage = 5 }
    S = { max_leverage = 5 }
    SAND = { max_leverage = 5 }
    SPX = { max_leverage = 5 }
    STRK = { max_leverage = 5 }
    STX = { max_leverage = 5 }
    TAO = { max_leverage = 5 }
    VIRTUAL = { max_leverage = 5 }
    W = { max_leverage = 5 }
    WIF = { max_leverage = 5 }
    WLFI = { max_leverage = 5 }
    XLM = { max_leverage = 5 }
    XMR = { max_leverage = 5 }
    ZEN = { max_leverage = 5 }
    ZK = { max_leverage = 5 }
    ZRO = { max_leverage = 5 }
    # One tier of 3x: Hyperliquid metaAndAssetCtxs, 2026-03-10; verified as to that date.
    # MEGA is isolated only.
    0G = { max_leverage = 3 }
    2Z = { max_leverage = 3 }
    ACE = { max_leverage = 3 }
    AERO = { max_leverage = 3 }
    AIXBT = { max_leverage = 3 }
    ALT = { max_leverage = 3 }
    ANIME = { max_leverage = 3 }
    APEX = { max_leverage = 3 }
    ARK = { max_leverage = 3 }
    AZTEC = { max_leverage = 3 }
    BABY = { max_leverage = 3 }
    BANANA = { max_leverage = 3 }
    BIGTIME = { max_leverage = 3 }
    BIO = { max_leverage = 3 }
    BLAST = { max_leverage = 3 }
    BLUR = { max_leverage = 3 }
    BOME = { max_leverage = 3 }
    BRETT = { max_leverage = 3 }
    BSV = { max_leverage = 3 }
    CAKE = { max_leverage = 3 }
    CC = { max_leverage = 3 }
    CELO = { max_leverage = 3 }
    CHILLGUY = { max_leverage = 3 }
    DOOD = { max_leverage = 3 }
    DYM = { max_leverage = 3 }
    FOGO = { max_leverage = 3 }
    FTT = { max_leverage = 3 }
    GALA = { max_leverage = 3 }
    GAS = { max_leverage = 3 }
    GMT = { max_leverage = 3 }
    GMX = { max_leverage = 3 }
    GOAT = { max_leverage = 3 }
    GRASS = { max_leverage = 3 }
    GRIFFAIN = { max_leverage = 3 }
    HEMI = { max_leverage = 3 }
    HMSTR = { max_leverage = 3 }
    HYPER = { max_leverage = 3 }
    INIT = { max_leverage = 3 }
    IO = { max_leverage = 3 }
    IOTA = { max_leverage = 3 }
    IP = { max_leverage = 3 }
    KAS = { max_leverage = 3 }
    kLUNC = { max_leverage = 3 }
    kNEIRO = { max_leverage = 3 }
    LAYER = { max_leverage = 3 }
    LINEA = { max_leverage = 3 }
    MANTA = { max_leverage = 3 }
    MAV = { max_leverage = 3 }
    MAVIA = { max_leverage = 3 }
    ME = { max_leverage = 3 }
    MEGA = { max_leverage = 3 }
    MELANIA = { max_leverage = 3 }
    MEME = { max_leverage = 3 }
    MERL = { max_leverage = 3 }
    MET = { max_leverage = 3 }
    MEW = { max_leverage = 3 }
    MINA = { max_leverage = 3 }
    MOODENG = { max_leverage = 3 }
    MOVE = { max_leverage = 3 }
    NIL = { max_leverage = 3 }
    NOT = { max_leverage = 3 }
    NXPC = { max_leverage = 3 }
    ORDI = { max_leverage = 3 }
    PEOPLE = { max_leverage = 3 }
    PNUT = { max_leverage = 3 }
    POLYX = { max_leverage = 3 }
    POPCAT = { max_leverage = 3 }
    PROMPT = { max_leverage = 3 }
    PROVE = { max_leverage = 3 }
    PURR = { max_leverage = 3 }
    RESOLV = { max_leverage = 3 }
    REZ = { max_leverage = 3 }
    RSR = { max_leverage = 3 }
    SAGA = { max_leverage = 3 }
    SCR = { max_leverage = 3 }
    SKR = { max_leverage = 3 }
    SKY = { max_leverage = 3 }
    SNX = { max_leverage = 3 }
    SOPH = { max_leverage = 3 }
    STABLE = { max_leverage = 3 }
    STBL = { max_leverage = 3 }
    SUPER = { max_leverage = 3 }
    SUSHI = { max_leverage = 3 }
    SYRUP = { max_leverage = 3 }
    TNSR = { max_leverage = 3 }
    TRB = { max_leverage = 3 }
    TST = { max_leverage = 3 }
    TURBO = { max_leverage = 3 }
    UMA = { max_leverage = 3 }
    USTC = { max_leverage = 3 }
    USUAL = { max_leverage = 3 }
    VINE = { max_leverage = 3 }
    VVV = { max_leverage = 3 }
    WCT = { max_leverage = 3 }
    XAI = { max_leverage = 3 }
    YGG = { max_leverage = 3 }
    YZY = { max_leverage = 3 }
    ZEREBRO = { max_leverage = 3 }
    ZETA = { max_leverage = 3 }
    ZORA = { max_leverage = 3 }
    """#
}
