"""The reference for what the protocol alone costs: the smallest FastMCP server, with one tool that gives back its text.

FastMCP is called MCPServer since version 2 of PyPI's `mcp`.
"""

from mcp.server.mcpserver import MCPServer

server = MCPServer("echo", log_level="ERROR")


@server.tool()
def echo(text: str) -> str:
    """Gives the text back."""
    return text


if __name__ == "__main__":
    server.run()
