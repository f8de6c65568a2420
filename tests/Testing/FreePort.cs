using System.Net;
using System.Net.Sockets;

namespace Testing;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    // Below the range that systems hand out for outgoing connections and for port 0, so that nobody is given one meanwhile.
    private const int First = 10_000;
    private const int Count = 22_000;

    // Test processes run side by side: each begins elsewhere, and no port is given out twice.
    private static int _last = Random.Shared.Next(Count);

    /// <remarks>Another program may take it before the caller does. Where the server can listen on port 0 itself, let it.</remarks>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _last) & int.MaxValue) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
