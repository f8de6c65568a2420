using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Token.Tests.Fuzz;

/// <summary>Sends bytes that no HTTP client would send, one request on a connection of its own.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<RawAnswer> SendAsync(Uri service, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(service.Host, service.Port, patience.Token);
        var stream = tcp.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        }
        catch (IOException)
        {
            // The server has answered and hung up already: what it does with too much.
        }

        return RawAnswer.Parse(await ReadAsync(stream, patience.Token));
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read, cancellationToken);
        }
        catch (IOException)
        {
            // Reset because not all of the request was read; the answer before it counts.
        }

        return Encoding.Latin1.GetString(read.ToArray());
    }
}

/// <summary>What came back.</summary>
/// <param name="Status">0: nothing.</param>
/// <param name="Headers">As they stand.</param>
/// <param name="Body">As bytes, each a character.</param>
internal sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public static RawAnswer Parse(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return new RawAnswer(0, [], answer);
        }

        var lines = answer[..end].Split("\r\n");
        return new RawAnswer(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            [.. lines.Skip(1).Select(line => line.Split(':', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1].Trim() : ""))],
            answer[(end + 4)..]);
    }

    public string? Header(string name) => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
}
