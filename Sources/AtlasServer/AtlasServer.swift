import AtlasCore
import MCP
