/// The version of Atlas, as every server and command tells it.
public let atlasVersion = "0.1.0"
