using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    /// <remarks>Another program may take it before the caller does. Where the server can listen on port 0 itself, let it.</remarks>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
