using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Architecture.Tests;

/// <summary>Never a token, code, secret or hash in a log.</summary>
public sealed class LogTests
{
    private static readonly string[] Secrets = ["token", "accesstoken", "secret", "clientsecret", "password", "code", "assertion", "hash", "key", "privatekey", "authorization", "request", "body"];

    [Fact]
    public void Log_messages_take_no_secret() => Expect.None(
        "log an id or a reason instead",
        from method in LogMethods()
        from parameter in method.GetParameters()
        where Secrets.Contains(parameter.Name!.ToLowerInvariant())
        select $"{method.DeclaringType}.{method.Name}: {parameter.Name}");

    /// <remarks>A record prints all its properties, secrets among them.</remarks>
    [Fact]
    public void Log_messages_take_plain_values_only() => Expect.None(
        "pass the ids that matter",
        from method in LogMethods()
        from parameter in method.GetParameters()
        let type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType
        where !(type == typeof(string) || type.IsPrimitive || type.IsEnum || typeof(ILogger).IsAssignableFrom(type) || typeof(Exception).IsAssignableFrom(type)
            || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DateTime) || type == typeof(Guid) || type == typeof(Uri))
        select $"{method.DeclaringType}.{method.Name}: {parameter.ParameterType.Name} {parameter.Name}");

    [Fact]
    public void Log_messages_are_found() => Assert.NotEmpty(LogMethods());

    private static IEnumerable<MethodInfo> LogMethods() =>
        from type in BudgetTests.OwnTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where method.IsDefined(typeof(LoggerMessageAttribute))
        select method;
}
