using System.Text;

namespace Benchmarks.Load;

internal readonly record struct RequestHeader(string Name, string Value)
{
    public const string FormType = "application/x-www-form-urlencoded";

    /// <summary>RFC 6749 section 2.3.1.</summary>
    public static RequestHeader Basic(string id, string secret) =>
        new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"))}");
}
