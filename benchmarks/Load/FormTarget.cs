using System.Net;
using System.Text;

namespace Benchmarks.Load;

/// <summary>A form POST whose bytes are built once.</summary>
internal sealed class FormTarget
{
    private readonly byte[] _request;
    private readonly byte[] _expected;

    public FormTarget(Uri address, string form, string? authorization, string expected)
    {
        Server = new(IPAddress.Parse(address.Host), address.Port);
        Path = address.AbsolutePath;
        var header = authorization is null ? "" : $"Authorization: {authorization}\r\n";
        _request = Encoding.ASCII.GetBytes(
            $"POST {Path} HTTP/1.1\r\nHost: {address.Authority}\r\n{header}" +
            $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {form.Length}\r\n\r\n{form}");
        _expected = Encoding.ASCII.GetBytes(expected);
    }

    public IPEndPoint Server { get; }

    public string Path { get; }

    public ReadOnlySpan<byte> Request => _request;

    /// <summary>What every answer's body holds.</summary>
    public ReadOnlySpan<byte> Expected => _expected;
}
