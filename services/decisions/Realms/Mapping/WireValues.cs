using Google.Protobuf.WellKnownTypes;

namespace Pltfrms.Iam.Common.Realms.Mapping;

/// <summary>Between proto's ways to say "not set" and ours.</summary>
internal static class WireValues
{
    public static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;

    public static Timestamp ToWire(DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);

    public static Timestamp? ToWire(DateTimeOffset? time) => time is { } set ? Timestamp.FromDateTimeOffset(set) : null;

    public static Duration? ToWire(TimeSpan? duration) => duration is { } set ? Duration.FromTimeSpan(set) : null;

    /// <summary>An enum value that is not set or that a later version added: nothing safe can be made of it.</summary>
    public static InvalidDataException Unknown<T>(T value)
        where T : struct, System.Enum =>
        new($"The feed has a {typeof(T).Name} that this version does not know: {value}.");
}
