namespace Pltfrms.Iam.Common.Hosting;

/// <summary>The service cannot start, for a reason that its operator can act on. The message is one line that says what and where.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
