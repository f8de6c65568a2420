namespace Architecture.Tests;

/// <summary>Assertions whose failure lists every offender.</summary>
internal static class Expect
{
    public static void None(string rule, IEnumerable<string> offenders)
    {
        var found = offenders.ToArray();
        Assert.True(found.Length == 0, $"{rule}:\n  {string.Join("\n  ", found)}");
    }

    /// <param name="allowed">Exceptions, each with its reason. One that is no longer needed is an offender too.</param>
    public static void NoneBut(IReadOnlyDictionary<string, string> allowed, string rule, IEnumerable<(string Key, string Description)> offenders)
    {
        var found = offenders.ToArray();
        var unused = allowed.Keys.Except(found.Select(offender => offender.Key)).Select(key => $"the exception for {key} is not needed any more");
        None(rule, found.Where(offender => !allowed.ContainsKey(offender.Key)).Select(offender => offender.Description).Concat(unused));
    }
}
