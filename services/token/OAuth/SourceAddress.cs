using System.Net;

namespace Pltfrms.Iam.Token.OAuth;

/// <summary>Where a request comes from.</summary>
public static class SourceAddress
{
    /// <summary>The peer's address; an IPv4 peer of a dual-stack socket as IPv4, which is what operators write down.</summary>
    public static IPAddress? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
}
