using Microsoft.AspNetCore.Http;

namespace Pltfrms.Iam.Common.Hosting;

/// <summary>
/// How a connection's last Authorization header reads. Clients send the same one with every request of a connection, and to decode and hash it each time
/// costs more than a decision. What is remembered goes with the connection, and is never whether a credential is good.
/// </summary>
public sealed class ConnectionMemory
{
    private volatile Entry? _last;

    /// <summary>Of the request's connection; an empty one where a connection has none.</summary>
    public static ConnectionMemory Of(HttpContext context) => context.Features[typeof(ConnectionMemory)] as ConnectionMemory ?? new();

    /// <param name="header">The header.</param>
    /// <param name="read">A pure function.</param>
    public T Read<T>(string header, Func<string, T> read)
        where T : notnull
    {
        if (_last is { Reading: T known } last && last.Header == header)
        {
            return known;
        }

        var reading = read(header);
        _last = new(header, reading);
        return reading;
    }

    private sealed class Entry(string header, object reading)
    {
        public string Header => header;

        public object Reading => reading;
    }
}
